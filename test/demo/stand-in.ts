import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { createIdentityProvider, type IdentityProvider } from '../stripe/identity-provider.ts';
import { createStandIn, type StandIn } from '../stripe/index.ts';
import { accounts } from './accounts.ts';
import { choosePorts, type Ports } from './ports.ts';

const PROVIDER_PATHS = new Set([
  '/sign-in',
  '/sign-out',
  '/token',
  '/control/rotate',
  '/.well-known/jwks.json',
]);

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
  let shop: Handler = standIn;
  const server = createAdaptorServer({
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      if (provider && PROVIDER_PATHS.has(pathname)) return provider.fetch(request);
      return pathname === '/pricing' ? shop.fetch(request) : standIn.fetch(request);
    },
  });
  const ports = await choosePorts(server);
  const issuer = `http://localhost:${ports.standIn}`;
  provider = await createIdentityProvider({ issuer, accounts });
  const open: Served['open'] = (opened) => {
    shop = opened;
  };
  return { standIn, provider, server, ports, open };
}
