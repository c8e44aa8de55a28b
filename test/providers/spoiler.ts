/** What is wrong on the way to the provider and back. All else passes as it is. */
export type Wrongs = {
  /** Changes what the browser asks of the authorization endpoint. */
  question?: (parameters: URLSearchParams) => void;
  /** Changes the answer in the address that leads back to the Worker. */
  answer?: (parameters: URLSearchParams) => void;
  /** Changes the ID token that the token endpoint gives. */
  idToken?: (token: string) => string;
  /** An endpoint that answers 502. */
  down?: Endpoint;
};

export type Endpoint = 'discovery' | 'authorize' | 'token' | 'keys';

const PATHS: Record<string, Endpoint> = {
  '/.well-known/openid-configuration': 'discovery',
  '/auth': 'authorize',
  '/token': 'token',
  '/jwks': 'keys',
};

/**
 * A proxy in front of a provider.
 *
 * @param upstream  the provider's own origin
 * @param callback  where it sends people back to
 */
export function createSpoiler(upstream: string, callback: string) {
  const requests: { endpoint: Endpoint; parameters: Record<string, string> }[] = [];
  let wrongs: Wrongs = {};

  async function fetchSpoilt(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const endpoint = PATHS[url.pathname];
    const body = request.method === 'POST' ? await request.text() : undefined;
    if (endpoint) {
      const parameters = body === undefined ? url.searchParams : new URLSearchParams(body);
      requests.push({ endpoint, parameters: Object.fromEntries(parameters) });
      if (wrongs.down === endpoint) return new Response('Bad gateway', { status: 502 });
    }
    if (endpoint === 'authorize') wrongs.question?.(url.searchParams);
    const headers = new Headers(request.headers);
    headers.set('x-forwarded-host', url.host);
    headers.delete('content-length');
    const passed = await fetch(upstream + url.pathname + url.search, {
      method: request.method,
      headers,
      redirect: 'manual',
      ...(body !== undefined && { body }),
    });
    const changed = new Headers(passed.headers);
    const location = changed.get('location');
    if (location?.startsWith(`${callback}?`)) changed.set('location', spoilAnswer(location));
    if (endpoint !== 'token' || !wrongs.idToken || !passed.ok) {
      return new Response(passed.body, { status: passed.status, headers: changed });
    }
    const tokens = (await passed.json()) as { id_token: string };
    changed.delete('content-length');
    const spoilt = { ...tokens, id_token: wrongs.idToken(tokens.id_token) };
    return new Response(JSON.stringify(spoilt), { headers: changed });
  }

  function spoilAnswer(location: string): string {
    const url = new URL(location);
    wrongs.answer?.(url.searchParams);
    return url.href;
  }

  return {
    fetch: fetchSpoilt,
    requests,
    spoil: (next: Wrongs) => {
      wrongs = next;
    },
  };
}
