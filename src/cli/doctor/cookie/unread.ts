/**
 * Why there is nothing to read: no cookie of these names, with the names that there are, or one that
 * is too long.
 *
 * @param names  one can end with `*`
 */
export function whyUnread(names: string[], header: string): string {
  const there = cookieNames(header);
  const isNamed = (given: string) =>
    names.some((name) =>
      name.endsWith('*') ? given.startsWith(name.slice(0, -1)) : given === name,
    );
  const wanted = names.join(' or ');
  if (there.some(isNamed)) return `The cookie ${wanted} is empty, or too long.`;
  const others = there.length === 0 ? 'There is none at all.' : `There are: ${there.join(', ')}.`;
  return `There is no cookie called ${wanted}. ${others}`;
}

/** Why the cookie of this name, or its chunks, make no session; undefined if there is none. */
export function whyBroken(name: string, header: string): string | undefined {
  const there = cookieNames(header);
  const chunks = there.filter((each) => each.startsWith(`${name}.`) && /\.\d+$/.test(each));
  if (chunks.length === 0 && !there.includes(name)) return undefined;
  const twice = chunks.find((each, index) => chunks.indexOf(each) !== index);
  if (twice !== undefined) return `The chunk ${twice} is there twice.`;
  const missing = chunks
    .map((_, number) => `${name}.${number}`)
    .find((each) => !chunks.includes(each));
  if (missing !== undefined) return `The chunk ${missing} is missing.`;
  return `The cookie ${name} holds no session, or is cut off, or is over 16 KB.`;
}

/** The names alone: what stands behind them is secret. */
function cookieNames(header: string): string[] {
  return header
    .split(';')
    .map((pair) => /^\s*([\w!#$%&'*+.^`|~-]{1,100})=/.exec(pair)?.[1])
    .filter((name) => name !== undefined);
}
