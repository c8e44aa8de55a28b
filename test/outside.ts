type Answer = (request: Request) => Promise<Response>;

/** The hosts that exist outside the Worker, each with its answers. */
export type Outside = ReadonlyMap<string, Answer>;

let outside: Outside = new Map();

/** Decides, for the test that runs, which hosts can be fetched from. */
export function openOutside(hosts: Outside): void {
  outside = hosts;
}

/** Puts the outside in place of the network. A host that nobody answers for is refused. */
export function installOutside(): void {
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const answer = outside.get(new URL(request.url).hostname);
    if (!answer) throw new TypeError(`Refused: ${new URL(request.url).host} is not in this test.`);
    const response = await answer(request);
    const location = response.headers.get('location');
    // As the network does, unless the caller asked to see redirects.
    return location !== null && request.redirect === 'follow'
      ? globalThis.fetch(new URL(location, request.url))
      : response;
  };
}
