import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { at } from './measure.ts';

export type Call = {
  path: string;
  method?: string;
  headers: Record<string, string>;
  body?: string;
};
export type Load = {
  /** Requests a second. */
  throughput: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  requests: number;
};

export type Plan = {
  /** Kept open; each sends one call after the other. */
  connections: number;
  milliseconds: number;
  /** What every call is answered with. */
  status: number;
  /** Undefined when none is left. */
  nextCall: () => Call | undefined;
  /** Calls of all connections together; without it, each sends as soon as it can. */
  perSecond?: number;
};

/**
 * Sends calls until the time is over or none is left.
 *
 * @throws when an answer has another status than expected
 */
export async function load(origin: string, plan: Plan): Promise<Load> {
  const { connections, milliseconds, status, nextCall, perSecond = Infinity } = plan;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  const interval = 1_000 / perSecond;
  const began = performance.now();
  const keepSending = async (_: unknown, connection: number) => {
    let due = began + connection * interval;
    while (Math.max(due, performance.now()) - began < milliseconds) {
      if (due > performance.now()) await sleep(due - performance.now());
      const call = nextCall();
      if (!call) return;
      const sent = performance.now();
      const answered = await send(origin, agent, call);
      if (answered !== status) throw new Error(`${call.path} answers ${answered}.`);
      latencies.push(performance.now() - sent);
      due += connections * interval;
    }
  };
  await Promise.all(Array.from({ length: connections }, keepSending));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  const sorted = latencies.toSorted((one, other) => one - other);
  return {
    throughput: latencies.length / seconds,
    p50: at(sorted, 0.5),
    p99: at(sorted, 0.99),
    requests: latencies.length,
  };
}

/** The calls one after the other, and again from the first: as many people as there are calls. */
export function inTurn(calls: Call[]): () => Call | undefined {
  let next = 0;
  return () => {
    next += 1;
    return calls[next % calls.length];
  };
}

async function send(origin: string, agent: Agent, { path, body, ...call }: Call): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${origin}${path}`, { agent, ...call }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** A browser that follows the link, or opens the page. */
export function browse(path: string, token: string): Call {
  return {
    path,
    headers: {
      accept: 'text/html',
      cookie: `session=${token}`,
      'sec-fetch-dest': 'document',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-site': 'same-origin',
    },
  };
}
