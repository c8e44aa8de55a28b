import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openFolder, startDev, type Folder } from './operator.ts';
import { KEY, serveWorld, WEBHOOK_SECRET, type World } from './world.ts';

// As `npm create cloudflare` leaves it: tabs, and comments behind the last entry.
const SETTINGS = `/**
 * For more details on how to configure Wrangler, refer to:
 * https://developers.cloudflare.com/workers/wrangler/configuration/
 */
{
\t"$schema": "node_modules/wrangler/config-schema.json",
\t"name": "shop",
\t"main": "src/index.ts",
\t"compatibility_date": "2026-10-30",
\t"observability": {
\t\t"enabled": true
\t}
\t/**
\t * Environment variables
\t */
\t// "vars": { "MY_VARIABLE": "production_value" }
}
`;
const APP = `import { Hono } from 'hono';

const app = new Hono();
app.get('/healthz', (c) => c.text('the shop is well'));

export default app;
`;
const MOUNT = `import { Hono } from 'hono';
import { portalLink, type PortalLinkEnv } from 'portal-link';

type App = { Bindings: PortalLinkEnv };
const billing = portalLink<App>({
  identify: (c) => {
    const subject = c.req.header('x-signed-in');
    return subject === undefined ? undefined : { subject };
  },
});
const app = new Hono<App>();
app.get('/healthz', (c) => c.text('the shop is well'));
app.route('/', billing.app);

export default { fetch: app.fetch, scheduled: billing.scheduled };
`;

let world: World;
let folder: Folder;

beforeAll(async () => {
  world = await serveWorld();
  folder = openFolder(inject('installed').directory);
  for (const file of ['wrangler.toml', 'portal.toml', '.dev.vars.example']) {
    rmSync(folder.path(file));
  }
  folder.write('wrangler.jsonc', SETTINGS);
  folder.write('src/index.ts', APP);
});
afterAll(() => {
  world?.close();
  folder?.close();
});

describe('an app with wrangler.jsonc, in an order that its operator follows', () => {
  it('is shown what init adds, and it goes into that file', async () => {
    const shown = await folder.succeed('npx portal-link init --dry-run');
    expect(folder.read('wrangler.jsonc')).toBe(SETTINGS);
    expect(shown).toContain('~ wrangler.jsonc\n  + \t},\n  + \t"d1_databases": [\n');
    expect(shown).toContain('  + \t\t\t"database_name": "shop-billing",\n');
    expect(shown).not.toMatch(/wrangler\.toml|\[\[?(?:vars|secrets|ratelimits|triggers)/);
    await folder.succeed('npx portal-link init --yes');
    const text = folder.read('wrangler.jsonc');
    expect(text.startsWith(SETTINGS.slice(0, SETTINGS.indexOf('\n\t}\n')))).toBe(true);
    expect(text).toContain('\n\t// "vars": { "MY_VARIABLE": "production_value" }\n}\n');
    expect(text).toContain('\n\t\t// Your sign-in page. {return_to} becomes');
    expect(await folder.succeed('npx portal-link init')).toMatch(/^! .*\nNext:/);
    expect(folder.read('src/index.ts')).toBe(APP);
  });

  it('is set up, examined, and leads to a session under wrangler dev', async () => {
    folder.write('src/index.ts', MOUNT);
    folder.configure({
      STRIPE_API_BASE: world.origin,
      SIGN_IN_URL: '/login?next={return_to}',
    });
    await world.api.customers.create({ email: 'ada@example.com', metadata: { user_id: 'ada' } });
    const secrets = { STRIPE_SECRET_KEY: KEY, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET };
    const setup = await folder.run('npx portal-link setup --yes', secrets);
    expect(setup).toMatchObject({ status: 0 });
    const doctor = await folder.run('npx portal-link doctor');
    expect(doctor.output).toContain('✓ D1 migrations');
    for (const { output } of [setup, doctor]) expect(output).not.toContain(' wrangler.toml');
    const dev = await startDev(folder);
    try {
      const response = await fetch(`${dev.origin}/billing/manage`, {
        headers: { 'x-signed-in': 'ada' },
        redirect: 'manual',
      });
      expect(response.status).toBe(303);
      expect(response.headers.get('location')).toContain(`${world.origin}/p/session/`);
    } finally {
      await dev.stop();
    }
  });
});
