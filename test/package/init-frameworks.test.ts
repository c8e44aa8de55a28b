import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readConfig } from '../../src/cli/config-file/read.ts';
import { folder, init as initHere, useFolder, write } from './beside.ts';

const APP = 'export default { fetch: () => new Response("the app") };\n';

useFolder();

async function init(files: Record<string, string>) {
  write(files);
  return initHere('--yes');
}
const config = () => readConfig(folder.directory);

it('adds to Hono’s template, above what stands there as comments', async () => {
  const settings =
    '{\n  "name": "shop",\n  "main": "src/index.ts"\n  // "vars": {\n  //   "A": "a"\n  // },\n}\n';
  const run = await init({ 'wrangler.jsonc': settings, 'src/index.ts': APP });
  expect(run.status).toBe(0);
  expect(config()).toMatchObject({ name: 'shop', vars: { PUBLIC_ORIGIN: '' } });
  const [before = '', after = ''] = settings.split('ts"');
  expect(folder.read('wrangler.jsonc').startsWith(`${before}ts",\n`)).toBe(true);
  expect(folder.read('wrangler.jsonc').endsWith(after)).toBe(true);
});

it('gives a Worker of assets alone the entry', async () => {
  const settings = '{\n  "name": "shop",\n  "assets": { "directory": "./public" }\n}\n';
  const run = await init({ 'wrangler.jsonc': settings });
  expect(run).toMatchObject({ status: 0, output: expect.not.stringContaining('run_worker_first') });
  expect(config()).toMatchObject({ main: 'src/index.ts', assets: { directory: './public' } });
  expect(folder.read('src/index.ts')).toContain('Its settings are in wrangler.jsonc');
  expect(folder.read('src/index.ts')).toContain("from 'portal-link'");
});

it.each([
  'build/server/index.js',
  '.open-next/worker.js',
  '.svelte-kit/cloudflare/_worker.js',
  '@framework/server-entry',
])('writes no module where a framework makes it: %s', async (main) => {
  const settings = { name: 'shop', main, vars: { VALUE: 'hello' } };
  const run = await init({ 'wrangler.json': JSON.stringify(settings, undefined, 2) });
  expect(run.status).toBe(0);
  expect(existsSync(folder.path(main))).toBe(false);
  expect(run.output).toContain(`${main} is made by your framework: mount portal-link in your own`);
  expect(run.output).toContain('MOUNT.md#other-frameworks');
  expect(run.output).toContain('! wrangler.json: in "vars", set PUBLIC_ORIGIN and SIGN_IN_URL');
  expect(run.output.match(/SIGN_IN_URL/g)).toHaveLength(1);
  expect(config()).toMatchObject({
    vars: { VALUE: 'hello' },
    triggers: { crons: ['*/5 * * * *'] },
  });
  expect(folder.read('wrangler.json')).not.toContain('//');
});

it('says that a Worker in Python cannot have portal-link in it', async () => {
  const settings = '{ "name": "shop", "main": "src/entry.py" }';
  const { status, output } = await init({ 'wrangler.jsonc': settings, 'src/entry.py': 'x = 1\n' });
  expect(status).toBe(2);
  expect(output).toMatch(/src\/entry\.py is a Worker in Python.*init billing.*Nothing was written/);
  expect(folder.read('wrangler.jsonc')).toBe(settings);
});

it('leaves an app on Cloudflare Pages as it is', async () => {
  const settings = '{ "name": "shop", "pages_build_output_dir": "./dist" }';
  const { status, output } = await init({ 'wrangler.jsonc': settings });
  expect(status).toBe(2);
  expect(output).toMatch(
    /wrangler\.jsonc is of Cloudflare Pages.*init billing.*Nothing was written/,
  );
  expect(folder.read('wrangler.jsonc')).toBe(settings);
});

it.each<[string, unknown, string | undefined]>([
  ['single-page-application', undefined, '"run_worker_first": ["/billing", "/billing/*"]'],
  ['404-page', ['/api/*'], '"run_worker_first": ["/api/*", "/billing", "/billing/*"]'],
  ['single-page-application', true, undefined],
  ['single-page-application', ['/billing*'], undefined],
  ['none', undefined, undefined],
])(
  'says which addresses assets must leave to the Worker: %s, %j',
  async (handling, first, said) => {
    const assets = { directory: './public', not_found_handling: handling, run_worker_first: first };
    const settings = JSON.stringify({ name: 'shop', main: 'src/index.ts', assets });
    const { output } = await init({ 'wrangler.jsonc': settings, 'src/index.ts': APP });
    const lines = output.split('\n').filter((line) => line.startsWith('! '));
    if (said === undefined) expect(lines.join('\n')).not.toContain('run_worker_first');
    else expect(output).toContain(`! wrangler.jsonc: in "assets", set ${said}`);
  },
);
