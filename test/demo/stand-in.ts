import { createServer } from 'node:net';
import { serve, type ServerType } from '@hono/node-server';
import { createIdentityProvider, type Account } from '../stripe/identity-provider.ts';
import { createStandIn } from '../stripe/index.ts';

const HOST = '127.0.0.1';

type Port = { port: number; name: string };

export class PortTaken extends Error {
  constructor({ port, name }: Port) {
    super(`Port ${port} is taken. Stop what listens there, or choose another: ${name}=… npm start`);
  }
}

/** @throws PortTaken when something listens on the port already */
export async function assertFree(wanted: Port): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', () => reject(new PortTaken(wanted)));
    probe.listen(wanted.port, HOST, () => probe.close(() => resolve()));
  });
}

/** Serves Stripe's stand-in and the identity provider on one loopback port. */
export async function serveStandIn(wanted: Port, accounts: Account[]): Promise<ServerType> {
  await assertFree(wanted);
  const standIn = createStandIn();
  const provider = await createIdentityProvider({
    issuer: `http://localhost:${wanted.port}`,
    accounts,
  });
  const providerPaths = new Set([
    '/sign-in',
    '/sign-out',
    '/token',
    '/control/rotate',
    '/.well-known/jwks.json',
  ]);
  return serve({
    hostname: HOST,
    port: wanted.port,
    fetch: (request) => {
      const answers = providerPaths.has(new URL(request.url).pathname) ? provider : standIn;
      return answers.fetch(request);
    },
  });
}
