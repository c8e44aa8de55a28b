import { createServer } from 'node:net';
import { serve, type ServerType } from '@hono/node-server';
import { createIdentityProvider, type IdentityProvider } from '../stripe/identity-provider.ts';
import { createStandIn, type StandIn } from '../stripe/index.ts';
import { accounts } from './accounts.ts';

const HOST = '127.0.0.1';
const PROVIDER_PATHS = new Set([
  '/sign-in',
  '/sign-out',
  '/token',
  '/control/rotate',
  '/.well-known/jwks.json',
]);

export type Port = { port: number; name: string };

/** Something that the person who starts the demo can mend. */
export class StartProblem extends Error {}

/** Reads a port from the environment. */
export function portFrom(name: string, otherwise: number): Port {
  const text = process.env[name] ?? String(otherwise);
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return { port, name };
  throw new StartProblem(`${name} is '${text}', which is no port. Try ${name}=${otherwise}.`);
}

/** @throws StartProblem when the two servers would listen on one port */
export function assertDifferent(one: Port, other: Port): void {
  if (one.port !== other.port) return;
  throw new StartProblem(`${one.name} and ${other.name} are both ${one.port}: choose two ports.`);
}

/** @throws StartProblem when something listens on the port already */
export async function assertFree({ port, name }: Port): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', () => {
      const advice = `Stop what listens there, or choose another: ${name}=… npm start`;
      reject(new StartProblem(`Port ${port} is taken. ${advice}`));
    });
    probe.listen(port, HOST, () => probe.close(() => resolve()));
  });
}

type Served = {
  standIn: StandIn;
  provider: IdentityProvider;
  server: ServerType;
  /** Lets the shop answer for its address, once there is something to sell. */
  open: (shop: { fetch: (request: Request) => Response | Promise<Response> }) => void;
};

/** Serves Stripe's stand-in, the identity provider and the shop on one loopback port. */
export async function serveStandIn({ port }: Port): Promise<Served> {
  const standIn = createStandIn({ deliverWebhooks: true });
  const provider = await createIdentityProvider({ issuer: `http://localhost:${port}`, accounts });
  let shop: Parameters<Served['open']>[0] = standIn;
  const server = serve({
    hostname: HOST,
    port,
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      if (PROVIDER_PATHS.has(pathname)) return provider.fetch(request);
      return pathname === '/pricing' ? shop.fetch(request) : standIn.fetch(request);
    },
  });
  const open: Served['open'] = (opened) => {
    shop = opened;
  };
  return { standIn, provider, server, open };
}
