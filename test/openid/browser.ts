import { ORIGIN, type World } from '../world.ts';
import { createOpenIdProvider, type OpenIdClient, type OpenIdProvider } from './provider.ts';

export const OPENID_ISSUER = 'https://openid.example';

export const CLIENT: OpenIdClient = {
  id: 'portal-link',
  secret: undefined,
  redirectUris: [`${ORIGIN}/billing/callback`],
};

/** Settings of a Worker that signs people in at the provider. */
export const OPENID_SETTINGS = {
  AUTH_JWKS_URL: '',
  AUTH_AUDIENCE: '',
  AUTH_COOKIE: '',
  SIGN_IN_URL: '',
  AUTH_ISSUER: OPENID_ISSUER,
  AUTH_CLIENT_ID: CLIENT.id,
  PUBLIC_ORIGIN: ORIGIN,
  LINK_SECRET: 'a secret of the links with 32 characters and more',
};

const NAVIGATION = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'sec-fetch-dest': 'document',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'cross-site',
};

/** Puts a provider at the issuer's host. */
export async function openIdProvider(
  world: World,
  options: { issuer?: string; client?: OpenIdClient; metadata?: Record<string, unknown> } = {},
): Promise<OpenIdProvider> {
  const { issuer = OPENID_ISSUER, client = CLIENT, metadata = {} } = options;
  const provider = await createOpenIdProvider({ issuer, client, metadata });
  world.answerAt(new URL(issuer).host, provider.fetch);
  return provider;
}

/** A browser: it keeps the Worker's cookies, and goes wherever it is sent. */
export function createBrowser(world: World, provider: OpenIdProvider) {
  const jar = new Map<string, string>();

  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');

  /** Asks the Worker, and follows nothing. */
  async function ask(
    path: string,
    init: { headers?: Record<string, string>; body?: URLSearchParams } = {},
  ) {
    const headers = { ...NAVIGATION, ...(jar.size > 0 && { cookie: cookies() }), ...init.headers };
    const whole = { ...init, ...(init.body && { method: 'POST' }), headers };
    const response = await world.visit(path, whole, () => {}, provider.person());
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const [name = '', ...value] = pair.split('=');
      if (attributes.includes('Max-Age=0')) jar.delete(name);
      else jar.set(name, value.join('='));
    }
    return response;
  }

  /** Follows redirects between the Worker and the provider; to the portal, and no further. */
  async function follow(first: Response): Promise<Response> {
    let response = first;
    for (let hops = 0; hops < 12; hops += 1) {
      const location = response.headers.get('location');
      if (location === null) return response;
      const url = new URL(location, ORIGIN);
      if (url.origin === new URL(provider.issuer).origin) {
        response = await provider.fetch(new Request(url, { redirect: 'manual' }));
      } else if (url.origin === ORIGIN) {
        response = await ask(`${url.pathname}${url.search}`);
      } else {
        return response;
      }
    }
    throw new Error('The browser was sent round in circles.');
  }

  /** The address at the provider that a visit to this path leads to. */
  async function beginAt(path: string): Promise<URL> {
    const location = (await ask(path)).headers.get('location') ?? '';
    return new URL(location, ORIGIN);
  }

  /** The address of the Worker that the provider sends this browser back to. */
  async function answerTo(url: URL): Promise<string> {
    const response = await provider.fetch(new Request(url, { redirect: 'manual' }));
    const back = new URL(response.headers.get('location') ?? '', ORIGIN);
    return `${back.pathname}${back.search}`;
  }

  return {
    jar,
    ask,
    follow,
    beginAt,
    answerTo,
    visit: async (path: string) => follow(await ask(path)),
    post: async (path: string, fields: Record<string, string>) =>
      ask(path, {
        body: new URLSearchParams(fields),
        headers: { 'sec-fetch-site': 'same-origin', 'sec-fetch-user': '?1' },
      }),
    attempts: () => [...jar.keys()].filter((name) => name.startsWith('__Host-sign-in-')),
  };
}
