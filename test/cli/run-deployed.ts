import { resolve } from 'node:path';
import { readdirSync, readFileSync } from 'node:fs';
import { convertV4MiniflareOptions, Miniflare, Response } from 'miniflare';
import type { Script } from '../cloudflare/account.ts';

/**
 * Runs the code that was uploaded, with its settings and secrets, in workerd.
 *
 * @param hosts  hosts of the internet, each with the origin on this machine that answers for it
 */
export async function runDeployed(
  { modules, bindings, secrets }: Script,
  hosts: Record<string, string>,
) {
  const plain = bindings.flatMap(({ name, type, text }) =>
    type === 'plain_text' && text !== undefined ? [[name, text] as const] : [],
  );
  const options = convertV4MiniflareOptions({
    name: 'deployed',
    modules: [...modules]
      .filter(([name]) => name.endsWith('.js'))
      .map(([path, contents]) => ({ type: 'ESModule' as const, path, contents })),
    compatibilityDate: '2026-10-30',
    bindings: { ...Object.fromEntries(plain), ...Object.fromEntries(secrets) },
    d1Databases: ['DB'],
    outboundService: async (request: globalThis.Request) => {
      const url = new URL(request.url);
      const origin = hosts[url.host] ?? (url.hostname === '127.0.0.1' ? url.origin : undefined);
      if (origin === undefined) return new Response('no such host', { status: 530 });
      const answer = await fetch(new URL(`${url.pathname}${url.search}`, origin), {
        method: request.method,
        headers: { ...Object.fromEntries(request.headers), 'x-test-host': url.host },
        body: request.method === 'GET' ? null : await request.arrayBuffer(),
        redirect: 'manual',
      });
      return new Response(await answer.arrayBuffer(), {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
      });
    },
  });
  const miniflare = new Miniflare(options);
  const database = await miniflare.getD1Database('DB');
  const folder = resolve('migrations');
  for (const name of readdirSync(folder)
    .filter((each) => each.endsWith('.sql'))
    .toSorted()) {
    const statements = readFileSync(resolve(folder, name), 'utf8').split(
      '--> statement-breakpoint',
    );
    for (const statement of statements) await database.prepare(statement).run();
  }
  return {
    /** Follows a link as a browser does, without the redirects. */
    visit: async (url: string, headers: Record<string, string> = {}) =>
      miniflare.dispatchFetch(url, {
        redirect: 'manual',
        headers: {
          accept: 'text/html',
          'sec-fetch-dest': 'document',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-site': 'same-origin',
          'sec-fetch-user': '?1',
          ...headers,
        },
      }),
    close: async () => miniflare.dispose(),
  };
}
