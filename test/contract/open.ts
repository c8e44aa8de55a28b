import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { appendFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import type { Stripe } from 'stripe';
import { createStripe } from '../../src/stripe/client.ts';
import { createStandIn } from '../stripe/index.ts';
import { readSandbox } from './sandbox.ts';
import { createRaw, type Raw } from './raw.ts';
import { createThings, type Things } from './things.ts';

export type Contract = {
  /** What answers: the stand-in, or what is said to be Stripe. */
  kind: 'sandbox' | 'stand-in';
  stripe: Stripe;
  /** One call as it goes over the wire, with its status and headers. */
  raw: Raw;
  /** Makes tagged objects. */
  things: Things;
  secretKey: string;
  apiBase: URL | undefined;
  /** Lets a second pass: what is made afterwards is younger for sure. */
  passSecond: () => Promise<void>;
  /** Prints a measurement, also at the end of `npm run test:stripe`. */
  note: (line: string) => void;
  /** Removes what was made, and says what was done. */
  close: () => Promise<void>;
};

const STAND_IN_KEY = 'sk_test_standin0000000000000000';
export const STAND_IN_LIVE_KEY = 'sk_live_standin0000000000000000';

/** What the contract is held against: the stand-in, unless a sandbox is asked for by name. */
export async function open(): Promise<Contract> {
  const sandbox = readSandbox(process.env);
  if (sandbox) {
    const stop = pace();
    const passSecond = async () => setTimeout(1_100);
    return contract('sandbox', sandbox, { passSecond, end: async () => stop() });
  }
  const { origin, passSecond, close } = await serveStandIn();
  const standIn = { secretKey: STAND_IN_KEY, apiBase: new URL(origin) };
  return contract('stand-in', standIn, { passSecond, end: close });
}

/** The stand-in on a loopback address of its own. */
export async function serveStandIn() {
  let ahead = 0;
  const standIn = createStandIn({ now: () => Date.now() + ahead });
  const server = serve({ port: 0, hostname: '127.0.0.1', fetch: standIn.fetch });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    state: standIn.state,
    passSecond: async () => void (ahead += 1_000),
    close: async () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

async function contract(
  kind: Contract['kind'],
  { secretKey, apiBase }: Pick<Contract, 'secretKey' | 'apiBase'>,
  { passSecond, end }: Pick<Contract, 'passSecond'> & { end: () => Promise<void> },
): Promise<Contract> {
  const stripe = createStripe({ secretKey, apiBase });
  const things = createThings(stripe);
  const note = (line: string) => {
    // oxlint-disable-next-line no-console
    console.log(`  ${kind}: ${line}`);
    report({ note: line });
  };
  return {
    kind,
    stripe,
    raw: createRaw(apiBase?.origin ?? 'https://api.stripe.com', secretKey),
    things,
    secretKey,
    apiBase,
    passSecond,
    note,
    close: async () => {
      report(await things.removeAll());
      await end();
    },
  };
}

const MILLISECONDS = 220;

/** Keeps all requests of this process under five a second, and counts them. */
function pace(): () => void {
  const { fetch: unpaced } = globalThis;
  let next = 0;
  let requests = 0;
  globalThis.fetch = async (input, init) => {
    const wait = next - Date.now();
    next = Math.max(next, Date.now()) + MILLISECONDS;
    if (wait > 0) await setTimeout(wait);
    requests += 1;
    return unpaced(input, init);
  };
  return () => {
    globalThis.fetch = unpaced;
    report({ requests });
  };
}

/** One line of what `npm run test:stripe` says at its end. */
function report(entry: Record<string, unknown>): void {
  const path = process.env['STRIPE_CONTRACT_REPORT'];
  if (path) appendFileSync(path, `${JSON.stringify(entry)}\n`);
}
