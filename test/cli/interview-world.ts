import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { interview } from '../../src/cli/setup/interview/index.ts';
import { createOpenIdProvider } from '../openid/provider.ts';
import { openSite } from './loopback-site.ts';
import { scripted, type Script } from './scripted.ts';

export const SITE = 'https://shop.example.com';
export const WORKER = 'https://billing.example.com';
export const CLIENT = 'portal-link';

type Internet = {
  /** Pages of the site, by their path; everything else is not found there. */
  pages: Set<string>;
  /** What DNS knows. */
  hosts: Set<string>;
  /** What the account has at Cloudflare. */
  zones: Set<string>;
  /** What the front page answers. */
  front: () => Response;
  /** What the client is registered with at the provider. */
  redirectUris: string[];
  /** Undefined for a client without one. */
  clientSecret: string | undefined;
};

/** Of the test that runs. */
export let internet: Internet;
export let site: Awaited<ReturnType<typeof openSite>>;
/** The OpenID provider. */
export let issuer: string;

const provider = createAdaptorServer({
  fetch: async (request) => {
    const { redirectUris, clientSecret: secret } = internet;
    const client = { id: CLIENT, secret, redirectUris };
    const openid = await createOpenIdProvider({ issuer, client, metadata: {} });
    return openid.fetch(request);
  },
});
/** Puts up the internet anew for each test of the file. */
export function useInternet(): void {
  beforeAll(async () => {
    provider.listen(0, '127.0.0.1');
    await once(provider, 'listening');
    issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  });
  afterAll(() => provider.close());
  beforeEach(async () => {
    internet = {
      pages: new Set(['/', '/sign-in', '/login']),
      hosts: new Set(['shop.example.com']),
      zones: new Set(['example.com']),
      front: () => new Response('a page', { headers: { 'cf-ray': '8f1-FRA' } }),
      redirectUris: [`${WORKER}/billing/callback`],
      clientSecret: undefined,
    };
    site = await openSite();
  });
  afterEach(() => site.close());
}

export const target = {
  place: 'remote',
  workerName: 'portal-link',
  variables: {},
  routes: [],
  isOnWorkersDev: true,
} as never;

export async function ask(script: Script, known?: string) {
  const { dialogue, asked, said } = scripted([[/Where does your site run/, SITE], ...script]);
  const answers = await interview(
    {
      dialogue,
      target,
      shell: {
        resolves: async (host: string) => internet.hosts.has(host),
        fetch: async ({ origin, pathname }: URL) => {
          if (origin === SITE && pathname === '/') return internet.front();
          return origin === SITE && internet.pages.has(pathname)
            ? new Response('a page')
            : new Response('nothing', { status: 404 });
        },
      } as never,
      cloudflare: {
        subdomain: 'acme',
        zoneOf: async (host: string) => {
          const name = [...internet.zones].find((zone) => `.${host}`.endsWith(`.${zone}`));
          return name === undefined ? { kind: 'none' } : { kind: 'found', name };
        },
      } as never,
    },
    known,
  );
  return { answers: answers!, asked, said: said.join('\n') };
}

/** What the Worker makes of the answers. */
export function configOf({
  settings,
  secrets,
  origin,
}: Awaited<ReturnType<typeof ask>>['answers']) {
  const parsed = parseConfig({
    STRIPE_SECRET_KEY: 'sk_test_0123456789',
    STRIPE_WEBHOOK_SECRET: 'whsec_0123',
    LINK_SECRET: 'a secret of the links with 32 characters and more',
    PUBLIC_ORIGIN: origin,
    ...settings,
    ...secrets,
  });
  expect(parsed).toMatchObject({ kind: 'valid' });
  return parsed.kind === 'valid' ? parsed.config : undefined;
}
