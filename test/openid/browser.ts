import { createWorld, ORIGIN, type World } from '../world.ts';
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

type Kept = { value: string; until: number };

/** A Worker that signs people in at a provider, and a browser in which Ada is signed in there. */
export async function createSignInWorld() {
  const world = await createWorld(OPENID_SETTINGS);
  const provider = await openIdProvider(world);
  const ada = await world.somebody();
  provider.signIn(ada.subject, { email: 'ada@example.com', email_verified: true });
  return { world, provider, ada, browser: createBrowser(world, provider) };
}

/** A browser: it keeps the Worker's cookies for each host until they expire, and goes where it is sent. */
export function createBrowser(world: World, provider: OpenIdProvider) {
  const jars = new Map<string, Map<string, Kept>>();
  const jarOf = (host: string) => {
    const jar = jars.get(host) ?? new Map<string, Kept>();
    jars.set(host, jar);
    for (const [name, { until }] of jar) if (until <= Date.now()) jar.delete(name);
    return jar;
  };
  const jar = jarOf(new URL(ORIGIN).host);

  type Init = { headers?: Record<string, string>; body?: URLSearchParams };

  /** Asks the Worker at a path of ORIGIN, or at a whole address, and follows nothing. */
  async function ask(address: string, init: Init = {}) {
    const url = new URL(address, ORIGIN);
    const own = jarOf(url.host);
    const cookie = [...own].map(([name, { value }]) => `${name}=${value}`).join('; ');
    const headers = { ...NAVIGATION, ...(own.size > 0 && { cookie }), ...init.headers };
    const whole = { ...init, ...(init.body && { method: 'POST' }), headers };
    const response = await world.visit(url.href, whole, () => {}, provider.person());
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const [name = '', ...value] = pair.split('=');
      const age = Number(/Max-Age=(\d+)/.exec(attributes.join())?.[1] ?? 86_400);
      own.set(name, { value: value.join('='), until: Date.now() + age * 1000 });
    }
    jarOf(url.host);
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
      } else if (url.host.endsWith('shop.example')) {
        response = await ask(url.href);
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
    /** The value of a cookie of ours. */
    cookie: (name: string) => jarOf(new URL(ORIGIN).host).get(name)?.value,
    put: (name: string, value: string) => void jar.set(name, { value, until: Infinity }),
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
    attempts: () =>
      [...jarOf(new URL(ORIGIN).host).keys()].filter((name) => name.startsWith('__Host-sign-in-')),
  };
}
