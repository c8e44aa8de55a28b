import { mkdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openFolder, startDev, type Dev, type Folder } from './operator.ts';
import { KEY, serveWorld, type World } from './world.ts';

// Two Workers under `wrangler dev`: the operator's, which exports `Billing`, and one that calls it.

const { directory } = inject('installed');
const CALLER = `
import caller from './calls.ts';
export default {
  fetch: (request, env) =>
    request.method === 'GET' ? new Response('here') : caller.fetch(request, env),
};
`;
const CALLER_SETTINGS = `
name = "caller"
main = "index.js"
compatibility_date = "2026-10-30"

[[services]]
binding = "BILLING"
service = "portal-link"
entrypoint = "Billing"
`;

let world: World;
let folder: Folder;
let dev: Dev;
let customer: string;

beforeAll(async () => {
  world = await serveWorld();
  folder = openFolder(directory);
  folder.configure({ ...world.settings, PUBLIC_ORIGIN: 'http://localhost:8787' });
  folder.write('src/index.ts', "export { Billing, default } from 'portal-link';\n");
  folder.write(
    'wrangler.toml',
    folder.read('wrangler.toml').replace(/^required = \[/m, 'required = ["LINK_SECRET", '),
  );
  ({ id: customer } = await world.api.customers.create({ metadata: { user_id: 'ada' } }));
  await folder.succeed('npx portal-link setup --yes', {
    STRIPE_SECRET_KEY: KEY,
    LINK_SECRET: 'the secret that links are signed with',
  });
  mkdirSync(folder.path('caller'));
  folder.write('caller/index.js', CALLER);
  folder.write('caller/calls.ts', readFileSync('test/doors/caller.ts', 'utf8'));
  folder.write('caller/wrangler.toml', CALLER_SETTINGS);
  const configs = ['--config=caller/wrangler.toml', '--config=wrangler.toml'];
  dev = await startDev(folder, [...configs, '--persist-to=.wrangler/state']);
});
afterAll(async () => {
  await dev?.stop();
  world?.close();
  folder?.close();
});

async function call(method: string, argument: unknown): Promise<unknown> {
  const body = JSON.stringify([method, argument]);
  return (await fetch(dev.origin, { method: 'POST', body })).json();
}

describe('another Worker', () => {
  it('opens a session for a subject, and none that leads back to a stranger', async () => {
    expect(await call('portalSession', { subject: 'ada', returnTo: '/account' })).toMatchObject({
      kind: 'open',
      url: expect.stringContaining(`${world.origin}/p/session/`),
    });
    const elsewhere = { subject: 'ada', returnTo: 'https://evil.example/' };
    expect(await call('portalSession', elsewhere)).toMatchObject({ kind: 'return_to_refused' });
  });

  it('syncs a customer, and reads what they have', async () => {
    expect(await call('sync', customer)).toEqual({ kind: 'synced' });
    expect(await call('billing', 'ada')).toMatchObject({ kind: 'billing', isFresh: true });
  });

  it('signs a link and revokes it', async () => {
    const link = (await call('link', { subject: 'ada' })) as { kind: string; url: string };
    expect(link).toMatchObject({ kind: 'signed' });
    expect(new URL(link.url).pathname).toBe('/billing/manage');
    expect(await call('revokeLinks', { subject: 'ada' })).toMatchObject({ kind: 'revoked' });
  });
});
