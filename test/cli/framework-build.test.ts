import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ADDRESS, fillIn, openWorkplace, type Workplace } from './workplace.ts';

let workplace: Workplace;
beforeEach(async () => {
  workplace = await openWorkplace();
  fillIn(workplace);
  workplace.configure({ PUBLIC_ORIGIN: ADDRESS });
  workplace.cloudflare.createWorker('portal-link', {
    STRIPE_SECRET_KEY: 'x',
    STRIPE_WEBHOOK_SECRET: 'y',
  });
});
afterEach(async () => workplace.close());

const path = (name: string) => join(workplace.directory, name);

/** As Cloudflare's plugin for Vite builds a Worker with wrangler.jsonc. */
function build(environment?: string): void {
  const config = parse(workplace.read('wrangler.toml'));
  rmSync(path('wrangler.toml'));
  // Only a framework can bundle this.
  const main = 'workers/app.ts';
  mkdirSync(path('workers'));
  writeFileSync(path(main), "import 'virtual:the-framework/server-build';\n");
  workplace.write('wrangler.jsonc', JSON.stringify({ ...config, main, alias: {} }));
  mkdirSync(path('build'));
  mkdirSync(path('.wrangler/deploy'), { recursive: true });
  writeFileSync(path('build/index.js'), 'export default { fetch: () => new Response("built") };\n');
  const built = { ...config, main: 'index.js', alias: {}, targetEnvironment: environment };
  writeFileSync(path('build/wrangler.json'), JSON.stringify(built));
  writeFileSync(
    path('.wrangler/deploy/config.json'),
    JSON.stringify({ configPath: '../../build/wrangler.json' }),
  );
}

it('deploys what a framework has built', async () => {
  build();
  const run = await workplace.run(['deploy']);
  expect(run.status).toBe(0);
  const { modules } = workplace.cloudflare.scripts.get('portal-link')!;
  expect([...modules.values()].join('\n')).toContain('built');
});

it.each<[string, () => void]>([
  [
    'is older than the configuration',
    () => {
      build();
      utimesSync(path('build/wrangler.json'), 1, 1);
    },
  ],
  ['is of another environment', () => build('staging')],
  [
    'is gone',
    () => {
      build();
      rmSync(path('build'), { recursive: true });
    },
  ],
])('refuses a build that %s, before anything is changed', async (_, prepare) => {
  prepare();
  const { status, output } = await workplace.run(['deploy']);
  expect(status).toBe(2);
  expect(output).toMatch(/build is not of wrangler\.jsonc as it is now.*Build your app once more/);
  expect(workplace.cloudflare.requests.filter((line) => !line.startsWith('GET'))).toEqual([]);
});
