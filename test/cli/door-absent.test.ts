import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { doorOf } from '../../src/cli/app/door.ts';
import { folder, MOUNT, useApp } from './app-folder.ts';
import { workplace } from './use-workplace.ts';
import { fillIn } from './workplace.ts';

useApp();

describe('an app without portal-link', () => {
  const HONO = `import { Hono } from 'hono';
import type { PortalLinkEnv } from 'portal-link';

// Here comes portalLink({ identify }).
export default new Hono<{ Bindings: PortalLinkEnv }>().get('/', (c) => c.text('mine'));
`;
  const given = () => ({ STRIPE_SECRET_KEY: workplace.key });
  const words = ['setup', '--remote', '--yes'];
  const examined = async () => {
    const { stdout } = await workplace.run(['doctor', '--static', '--json']);
    const { checks } = JSON.parse(stdout) as { checks: { check: string }[] };
    return checks.find(({ check }) => check === 'worker_code');
  };
  const changes = () =>
    workplace.cloudflare.requests
      .filter((line) => !line.startsWith('GET'))
      .concat(
        workplace.stripe.requests.filter(({ method }) => method !== 'GET').map(({ path }) => path),
      );
  beforeEach(() => {
    fillIn(workplace);
    workplace.write('worker.ts', HONO);
  });

  it('is not set up and not deployed, and doctor says where to mount it', async () => {
    for (const run of [await workplace.run(words, given()), await workplace.run(['deploy'])]) {
      expect([run.status, changes()]).toEqual([2, []]);
      expect(run.output).toMatch(/Neither worker\.ts nor what it imports .*MOUNT\.md/);
      expect(run.output).toContain('"portal-link": { "mount": true }');
    }
    expect(await examined()).toMatchObject({
      outcome: 'failure',
      next: expect.stringContaining('MOUNT.md'),
    });
  });

  it('is taken for a mount where package.json says so', async () => {
    rmSync(join(workplace.directory, 'package.json'));
    workplace.write('package.json', '{ "portal-link": { "mount": true } }');
    expect(await examined()).toMatchObject({ outcome: 'ok' });
    const run = await workplace.run(['deploy', '--dry-run']);
    expect(run.output).not.toContain('Neither');
    workplace.write('package.json', '{ "portal-link": { "mount": "yes" } }');
    const unclear = await workplace.run(['deploy']);
    expect([unclear.status, unclear.output]).toEqual([
      2,
      expect.stringContaining('"mount" in "portal-link" is true for an app'),
    ]);
  });

  it.each([
    ['a framework brings along', '@astrojs/cloudflare/entrypoints/server'],
    ['a framework makes', '.open-next/worker.js'],
    ['is not there yet', 'worker/made-by-a-tool.js'],
  ])('is not refused where the module that it begins with %s', async (_, main) => {
    workplace.edit('wrangler.toml', { main });
    const run = await workplace.run([...words.slice(0, 2), '--dry-run'], given());
    expect(run.output).not.toContain('MOUNT.md');
    expect(run.status).toBe(0);
    mkdirSync(folder());
    expect(doorOf(folder(), { main: join(folder(), main) })).toBe('unseen');
  });

  it.each([
    ['is not there yet', './made-by-a-tool', {}],
    ['a build makes', './build/server', {}],
    ['a build has made', './build/server.js', { 'build/server.js': 'export const a=1' }],
    ['a framework makes', './.open-next/worker.js', {}],
    ['a framework brings along', '$app/server', {}],
  ])('is not refused where a module that it imports %s', (_, name, files) => {
    mkdirSync(join(folder(), 'build'), { recursive: true });
    for (const [path, text] of Object.entries({ ...files, 'seen.txt': '' }))
      writeFileSync(join(folder(), path), text);
    const begin = (imported: string) =>
      writeFileSync(join(folder(), 'worker.ts'), `import it from '${imported}';\n${HONO}`);
    begin('./seen.txt?raw');
    expect(doorOf(folder(), { main: 'worker.ts' })).toBe('none');
    begin(name);
    expect(doorOf(folder(), { main: 'worker.ts' })).toBe('unseen');
  });

  it('is refused after a framework has built it, too', async () => {
    mkdirSync(join(workplace.directory, '.wrangler/deploy'), { recursive: true });
    workplace.write('.wrangler/deploy/config.json', '{ "configPath": "../../built.json" }');
    const run = await workplace.run(words, given());
    expect([run.status, changes()]).toEqual([2, []]);
    expect(run.output).toMatch(/Neither worker\.ts nor what it imports/);
  });

  it('may be there where a framework has built a Worker that has no main', async () => {
    mkdirSync(join(folder(), '.wrangler/deploy'), { recursive: true });
    mkdirSync(join(folder(), 'src'));
    writeFileSync(join(folder(), '.wrangler/deploy/config.json'), '{}');
    expect(doorOf(folder(), {})).toBe('unseen');
    writeFileSync(join(folder(), 'src/server.ts'), MOUNT);
    expect(doorOf(folder(), {})).toBe('mount');
  });

  it('may be there where its own module imports a framework’s, and doctor says so', async () => {
    workplace.write(
      'worker.ts',
      "import it from 'virtual:the-framework/server';\nexport default it;\n",
    );
    const finding = await examined();
    expect(finding).toMatchObject({
      outcome: 'warning',
      found: expect.stringMatching(/^What worker\.ts is built of cannot be seen here/),
      next: expect.stringContaining('or false if the Worker is portal-link itself'),
    });
  });

  it('is not the package’s own module, which a Worker may begin with', () => {
    mkdirSync(folder());
    const main = 'node_modules/portal-link/dist/worker/index.js';
    expect(doorOf(folder(), { main })).toBe('own');
    expect(doorOf(folder(), { main: `../${main}` })).toBe('own');
  });

  it.each([
    ['exports it', "export { default } from 'portal-link';\n"],
    ['hands on to it', "import ours from 'portal-link';\nexport default { fetch: ours.fetch };\n"],
    ['has the checkout’s', "import ours from './src/index.ts';\nexport default ours;\n"],
    ['has a framework’s modules', "import 'virtual:the-framework/server-build';\n"],
  ])('is not what a module is that %s', async (_, code) => {
    workplace.write('worker.ts', code);
    const run = await workplace.run([...words.slice(0, 2), '--dry-run'], given());
    expect(run.output).not.toContain('MOUNT.md');
    expect(run.status).toBe(0);
  });
});

describe('a clone', () => {
  const CLONE = '.wrangler/worker/index.js';
  const AS_CLONED = { main: CLONE, build: { command: 'npm run build' } };
  const found = async () => {
    const { stdout } = await workplace.run(['doctor', '--static', '--json']);
    const { checks } = JSON.parse(stdout) as { checks: { check: string }[] };
    return checks.find(({ check }) => check === 'worker_code');
  };

  it('is portal-link itself, before its first build and after it', async () => {
    workplace.edit('wrangler.toml', AS_CLONED);
    expect(await found()).toMatchObject({ found: 'The Worker is portal-link.' });
    mkdirSync(join(workplace.directory, '.wrangler/worker'), { recursive: true });
    workplace.write(CLONE, "export { default } from './redirect.js';\n");
    expect(await found()).toMatchObject({ found: 'The Worker is portal-link.' });
  });

  it('is so with settings of before, by which Wrangler bundles src', async () => {
    workplace.edit('wrangler.toml', { main: 'src/index.ts' });
    expect(await found()).toMatchObject({ found: 'The Worker is portal-link.' });
  });

  it('is refused if nothing builds what a deploy would upload', async () => {
    workplace.edit('wrangler.toml', { ...AS_CLONED, build: null });
    const run = await workplace.run(['deploy', '--dry-run']);
    expect([run.status, run.output]).toEqual([2, expect.stringContaining('what builds it')]);
  });

  it('is refused if its source would be uploaded as it is', async () => {
    workplace.edit('wrangler.toml', { ...AS_CLONED, main: 'src/index.ts', no_bundle: true });
    const run = await workplace.run(['deploy', '--dry-run']);
    expect([run.status, run.output]).toEqual([2, expect.stringContaining('no_bundle uploads it')]);
  });

  it('whose source has become something else is refused by the name of that', async () => {
    rmSync(join(workplace.directory, 'src'));
    mkdirSync(join(workplace.directory, 'src'));
    workplace.write('src/index.ts', 'export default {};\n');
    workplace.edit('wrangler.toml', AS_CLONED);
    expect(await found()).toMatchObject({ found: expect.stringContaining('src/index.ts') });
  });
});

describe('doctor, for a mount,', () => {
  const settings = async () => {
    const { stdout } = await workplace.run(['doctor', '--static', '--json']);
    const { checks } = JSON.parse(stdout) as { checks: { check: string }[] };
    const found = (name: string) => checks.find(({ check }) => check === name);
    return [found('settings'), found('identity_cookie')];
  };
  beforeEach(() => workplace.write('app.ts', MOUNT));

  it('leaves the app’s own settings alone, and asks for no cookie', async () => {
    workplace.configure({ GREETING: 'hello', AUTH_SECRET_ID: '1', SIGN_IN_URL: '/sign-in' });
    expect(await settings()).toMatchObject([
      { outcome: 'ok' },
      { outcome: 'ok', found: expect.stringContaining('the app says who a visitor is') },
    ]);
  });

  it.each(['SIGNIN_URL', 'SIGN_IN_URI', 'SING_IN_URL', 'sign-in-url', 'SIGN_IN_URLS'])(
    'asks whether %s is meant to be SIGN_IN_URL',
    async (name) => {
      workplace.configure({ [name]: '/sign-in' });
      expect((await settings())[0]).toMatchObject({
        outcome: 'warning',
        found: expect.stringContaining(`${name} (SIGN_IN_URL?)`),
      });
    },
  );
});
