// Loaded into the operator's commands: the public address of the deployed Worker is on this machine.
const { PUBLIC_ADDRESS = '', ANSWERS_AT = '' } = process.env;
const ask = globalThis.fetch;

globalThis.fetch = async (input, init) => {
  const address = input instanceof Request ? input.url : String(input);
  return address.startsWith(PUBLIC_ADDRESS)
    ? ask(address.replace(PUBLIC_ADDRESS, ANSWERS_AT), init)
    : ask(input, init);
};
