import { createServer, type Server } from 'node:net';
import type { ServerType } from '@hono/node-server';
import { Stripe } from 'stripe';

const HOST = '127.0.0.1';
const FIRST = { worker: 8_787, standIn: 12_111 };
const TRIES = 100;

export type Ports = { worker: number; standIn: number };

/** Something that the person who starts the demo can fix. */
export class StartProblem extends Error {}

/** What Stripe's refusal of the first calls means: the key in .dev.vars is somebody's own. */
export function startProblem(error: unknown): unknown {
  const { StripeAuthenticationError, StripeConnectionError, StripePermissionError } = Stripe.errors;
  const instead = 'Without STRIPE_SECRET_KEY in .dev.vars, a stand-in for Stripe answers.';
  if (error instanceof StripeConnectionError) {
    return new StartProblem(`Stripe cannot be reached. ${instead}`);
  }
  if (error instanceof StripeAuthenticationError || error instanceof StripePermissionError) {
    return new StartProblem(
      `Stripe refuses the key in .dev.vars: the demo makes customers and prices with it. ${instead}`,
    );
  }
  return error;
}

/**
 * Makes the stand-in listen, and finds a port for the Worker. Each is the one that PORT or
 * STRIPE_PORT names, or else the first free one. The stand-in keeps its port until the end, so
 * two demos that start at once never choose the same pair.
 *
 * @throws StartProblem when a port that the environment names cannot be used
 */
export async function choosePorts(standInServer: ServerType): Promise<Ports> {
  const named = { worker: portFrom('PORT'), standIn: portFrom('STRIPE_PORT') };
  if (named.worker !== undefined && named.worker === named.standIn) {
    throw new StartProblem(`PORT and STRIPE_PORT are both ${named.worker}: choose two ports.`);
  }
  for (let step = 0; step < TRIES; step += 1) {
    const worker = named.worker ?? FIRST.worker + step;
    const standIn = named.standIn ?? FIRST.standIn + step;
    if (worker === standIn) continue;
    if (!(await listen(standInServer, standIn))) {
      if (named.standIn !== undefined) throw taken('STRIPE_PORT', standIn);
      continue;
    }
    if (await isFree(worker)) return { worker, standIn };
    if (named.worker !== undefined) throw taken('PORT', worker);
    await close(standInServer);
  }
  throw new StartProblem('No port is free. Choose two: PORT=… STRIPE_PORT=… npm start');
}

function portFrom(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new StartProblem(`${name} is '${text}', which is no port. Use a number up to 65535.`);
}

const taken = (name: string, port: number) =>
  new StartProblem(
    `Port ${port} is taken. Stop what listens there, choose another ${name}, or leave it out.`,
  );

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  const isListening = await listen(probe, port);
  if (isListening) await close(probe);
  return isListening;
}

type Listener = Pick<Server, 'listen' | 'close' | 'once' | 'off'>;

async function listen(server: Listener, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const fail = () => resolve(false);
    server.once('error', fail);
    server.listen(port, HOST, () => {
      server.off('error', fail);
      resolve(true);
    });
  });
}

async function close(server: Listener): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}
