import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { createIdentityProvider, type IdentityProvider } from '../stripe/identity-provider.ts';
import { createOpenIdProvider } from '../openid/provider.ts';
import { createStandIn, type StandIn } from '../stripe/index.ts';
import { accounts } from './accounts.ts';
import { choosePorts, type Ports } from './ports.ts';
import { readSession } from './session.ts';

const PROVIDER_PATHS = new Set([
  '/sign-in',
  '/sign-out',
  '/token',
  '/control/rotate',
  '/.well-known/jwks.json',
]);

/** The Worker's name at the demo's OpenID provider. */
export const CLIENT_ID = 'portal-link';

// The shop and its provider are on another host than the Worker: no cookie is shared.
export const shopOrigin = ({ standIn }: Ports) => `http://127.0.0.1:${standIn}`;
export const issuerOf = (ports: Ports) => `${shopOrigin(ports)}/openid`;

type Handler = { fetch: (request: Request) => Response | Promise<Response> };
type Served = {
  standIn: StandIn;
  provider: IdentityProvider;
  server: ServerType;
  ports: Ports;
  /** Opens the shop at its address, once there is something to sell. */
  open: (shop: Handler) => void;
};

/** Serves Stripe's stand-in, the identity provider and the shop on one loopback port. */
export async function serveStandIn(): Promise<Served> {
  const standIn = createStandIn({ deliverWebhooks: true });
  let provider: IdentityProvider | undefined;
  let openId: Handler | undefined;
  let shop: Handler = standIn;
  const server = createAdaptorServer({
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      if (openId && pathname.startsWith('/openid/')) return openId.fetch(request);
      if (provider && PROVIDER_PATHS.has(pathname)) return provider.fetch(request);
      return pathname === '/pricing' ? shop.fetch(request) : standIn.fetch(request);
    },
  });
  const ports = await choosePorts(server);
  provider = await createIdentityProvider({ issuer: issuerOf(ports), accounts });
  openId = await openIdOf(provider, shopOrigin(ports), `http://localhost:${ports.worker}`);
  const open: Served['open'] = (opened) => {
    shop = opened;
  };
  return { standIn, provider, server, ports, open };
}

/** Signs people in by the shop's own sign-in page and session. */
export async function openIdOf(
  provider: IdentityProvider,
  shop: string,
  workerOrigin: string,
): Promise<Handler> {
  return createOpenIdProvider({
    issuer: `${shop}/openid`,
    client: {
      id: CLIENT_ID,
      secret: undefined,
      redirectUris: [`${workerOrigin}/billing/callback`],
    },
    metadata: { jwks_uri: `${shop}/.well-known/jwks.json` },
    sign: provider.sign,
    site: {
      personOf: async ({ headers }) => readSession(provider, headers.get('cookie') ?? undefined),
      signInAt: (goOn) => `/sign-in?return_to=${encodeURIComponent(goOn)}`,
      ended: 'session=; Path=/; Max-Age=0',
    },
  });
}
