import { Agent, request } from 'node:http';
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

/**
 * Sends calls over so many kept connections, one after the other on each, until the time is
 * over or no call is left.
 *
 * @throws when an answer has another status than expected
 */
export async function load(
  origin: string,
  connections: number,
  milliseconds: number,
  status: number,
  nextCall: () => Call | undefined,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  const began = performance.now();
  const goOn = async () => {
    while (performance.now() - began < milliseconds) {
      const call = nextCall();
      if (!call) return;
      const sent = performance.now();
      const answered = await send(origin, agent, call);
      if (answered !== status) throw new Error(`${call.path} answers ${answered}.`);
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: connections }, goOn));
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
