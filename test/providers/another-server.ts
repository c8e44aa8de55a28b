import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../browser/site.ts';

/**
 * A site's server in another language, on loopback.
 *
 * @param args  given the port to listen on
 */
export async function startServer(program: string, args: (port: number) => string[]) {
  const port = await freePort();
  const child = spawn(program, args(port), { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const origin = `http://127.0.0.1:${port}`;
  for (let tries = 0; !(await answers(origin)); tries += 1) {
    if (child.exitCode !== null || tries > 200) throw new Error(`${program} failed: ${errors}`);
    await setTimeout(50);
  }
  return {
    /** The request, as a proxy in front of the server hands it on. */
    fetch: async (request: Request): Promise<Response> => {
      const { pathname, search } = new URL(request.url);
      const { method, headers } = request;
      const body = method === 'POST' ? await request.arrayBuffer() : null;
      const init = { method, headers, body, redirect: 'manual' } as const;
      return fetch(`${origin}${pathname}${search}`, init);
    },
    stop: () => void child.kill(),
  };
}

async function answers(origin: string): Promise<boolean> {
  try {
    await fetch(origin);
    return true;
  } catch {
    return false;
  }
}
