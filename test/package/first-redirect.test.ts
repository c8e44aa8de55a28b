import { existsSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { BUDGETS } from '../budgets.ts';
import { openFolder, startDev, type Folder } from './operator.ts';
import { KEY, serveWorld, WEBHOOK_SECRET, type World } from './world.ts';

const packed = inject('packed');
const { directory, printed } = inject('installed');
let world: World;
let folder: Folder;

beforeAll(async () => {
  world = await serveWorld();
  folder = openFolder(directory);
});
afterAll(() => {
  world?.close();
  folder?.close();
});

it('init writes and installs a repository, and names the next command', () => {
  expect(readdirSync(folder.directory).toSorted()).toEqual([
    '.dev.vars.example',
    '.gitignore',
    'node_modules',
    'package-lock.json',
    'package.json',
    'portal.toml',
    'src',
    'wrangler.toml',
  ]);
  expect(folder.read('src/index.ts')).toContain("export { default } from 'portal-link';");
  expect(printed).toContain('npx portal-link setup');
  expect(JSON.parse(folder.read('package.json')).dependencies['portal-link']).toBe('0.x');
  expect(existsSync(folder.path('node_modules/portal-link/package.json'))).toBe(true);
});

it('init has nothing to add a second time', async () => {
  const again = await folder.succeed('npx portal-link init');
  expect(again).toMatch(/^Next:/);
});

it('the commands are those of the package, and name each other so', async () => {
  expect(await folder.succeed('npx portal-link --version')).toContain(packed.version);
  expect(await folder.succeed('npx portal-link --help')).toContain('Usage: npx portal-link');
  const doctor = await folder.run('npx portal-link doctor', world.signedIn);
  expect(doctor.output).toContain('npx portal-link setup');
  expect(doctor.output).not.toContain('npm run');
});

describe('the Worker', () => {
  it('is bundled without what only the commands need, and within the budget of ours', async () => {
    await folder.succeed('npx wrangler deploy --dry-run --metafile --outdir out');
    const { inputs }: { inputs: object } = JSON.parse(folder.read('out/bundle-meta.json'));
    const packages = Object.keys(inputs).flatMap(
      (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
    );
    expect([...new Set(packages)].toSorted()).toEqual([
      'hono',
      'jose',
      'oauth4webapi',
      'portal-link',
      'valibot',
    ]);
    const own = Object.keys(inputs).filter((path) => path.includes('/portal-link/'));
    expect(own).toContain('node_modules/portal-link/dist/worker/index.js');
    expect(own.filter((path) => !path.includes('/portal-link/dist/worker/'))).toEqual([]);
    const size = gzipSync(folder.read('out/index.js')).length;
    expect(size).toBeLessThanOrEqual(BUDGETS.bundle.gzippedBytes);
  });

  it('is set up by one command, and leads to a session under wrangler dev', async () => {
    folder.configure(world.settings);
    await world.api.customers.create({ email: 'ada@example.com', metadata: { user_id: 'ada' } });
    const secrets = { STRIPE_SECRET_KEY: KEY, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET };
    const setup = await folder.run('npx portal-link setup --yes', secrets);
    expect(setup).toMatchObject({ status: 0 });
    const dev = await startDev(folder);
    try {
      const authorization = `Bearer ${await world.tokenFor('ada')}`;
      const response = await fetch(`${dev.origin}/billing/manage`, {
        headers: { authorization },
        redirect: 'manual',
      });
      expect(response.status).toBe(303);
      expect(response.headers.get('location')).toContain(`${world.origin}/p/session/`);
    } finally {
      await dev.stop();
    }
  });
});
