import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { readdirSync, readFileSync } from 'node:fs';
import { serve } from '@hono/node-server';
import { convertV4MiniflareOptions, Miniflare, Response as MiniflareResponse } from 'miniflare';
import type { Script } from '../cloudflare/account.ts';

/**
 * Runs the code that was uploaded, with its settings and secrets, in workerd. As at Cloudflare, it
 * gets the requests that its routes and domains cover, and the site gets the others.
 *
 * @param hosts  hosts of the internet, each with the origin on this machine that answers for it
 * @param own  a host that is the Worker's by other means, such as the one below workers.dev
 */
export async function runDeployed(
  script: Script,
  hosts: Readonly<Record<string, string>>,
  own?: string,
) {
  const { modules, bindings, runtime, secrets } = script;
  const plain = bindings.flatMap(({ name, type, text }) =>
    type === 'plain_text' && text !== undefined ? [[name, text] as const] : [],
  );
  const isOurs = (url: URL) => url.host === own || covers(script, url);
  const options = convertV4MiniflareOptions({
    name: 'deployed',
    modules: [...modules]
      .filter(([name]) => name.endsWith('.js'))
      .map(([path, contents]) => ({ type: 'ESModule' as const, path, contents })),
    ...runtime,
    bindings: { ...Object.fromEntries(plain), ...Object.fromEntries(secrets) },
    d1Databases: ['DB'],
    outboundService: async (request: Request) => {
      const answered = await answer(request);
      const { status } = answered;
      return new MiniflareResponse(await answered.arrayBuffer(), {
        status,
        headers: [...answered.headers],
      });
    },
  });
  const miniflare = new Miniflare(options);
  await applyMigrations(await miniflare.getD1Database('DB'));

  /** What the internet answers, the Worker's own addresses included. */
  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const headers = Object.fromEntries(request.headers);
    const init = {
      method: request.method,
      headers,
      body: request.method === 'GET' ? null : await request.arrayBuffer(),
      redirect: 'manual' as const,
    };
    if (isOurs(url)) return toResponse(await miniflare.dispatchFetch(url.href, init));
    const origin = hosts[url.host] ?? (url.hostname === '127.0.0.1' ? url.origin : undefined);
    if (origin === undefined) return new Response('no such host', { status: 530 });
    const there = new URL(`${url.pathname}${url.search}`, origin);
    headers['x-test-host'] = url.host;
    return toResponse(await fetch(there, { ...init, headers }));
  }

  // Other processes come here: `internet.ts` names the host that they ask for.
  const server = serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url);
      const headers = new Headers(request.headers);
      const host = headers.get('x-test-host') ?? 'unknown.invalid';
      headers.delete('x-test-host');
      headers.delete('host');
      const url = `https://${host}${pathname}${search}`;
      return answer(new Request(url, new Request(request, { headers })));
    },
  });
  await once(server, 'listening');

  return {
    /** Where the Worker and the site answer for hosts, if asked as `internet.ts` does. */
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Follows a link as a browser does, without the redirects. */
    visit: async (url: string, headers: Record<string, string> = {}) =>
      answer(
        new Request(url, {
          headers: {
            accept: 'text/html',
            'sec-fetch-dest': 'document',
            'sec-fetch-mode': 'navigate',
            'sec-fetch-site': 'same-origin',
            'sec-fetch-user': '?1',
            ...headers,
          },
        }),
      ),
    close: async () => {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await miniflare.dispose();
    },
  };
}

/** https://developers.cloudflare.com/workers/configuration/routing/routes/#matching-behavior */
function covers({ routes, domains }: Script, { host, pathname, search }: URL): boolean {
  const isMatched = (pattern: string) => {
    const parts = pattern.replace(/^https?:\/\//, '').split('*');
    const expression = parts
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*');
    return new RegExp(`^${expression}$`).test(`${host}${pathname}${search}`);
  };
  return domains.includes(host) || routes.some(isMatched);
}

/** Of the test's own realm, and not compressed any more. */
async function toResponse(
  answer: Pick<Response, 'status' | 'arrayBuffer'> & { headers: Iterable<[string, string]> },
): Promise<Response> {
  const headers = new Headers([...answer.headers]);
  headers.delete('content-encoding');
  headers.delete('content-length');
  const body = await answer.arrayBuffer();
  return new Response(body.byteLength === 0 ? null : body, { status: answer.status, headers });
}

async function applyMigrations(database: Awaited<ReturnType<Miniflare['getD1Database']>>) {
  const folder = resolve('migrations');
  for (const name of readdirSync(folder)
    .filter((each) => each.endsWith('.sql'))
    .toSorted()) {
    const statements = readFileSync(resolve(folder, name), 'utf8').split(
      '--> statement-breakpoint',
    );
    for (const statement of statements) await database.prepare(statement).run();
  }
}
