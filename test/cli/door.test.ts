import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { doorOf } from '../../src/cli/app/door.ts';
import { useWorkplace, workplace } from './use-workplace.ts';
import { ADDRESS, fillIn } from './workplace.ts';

useWorkplace();
beforeEach(() => {
  workplace.configure({ STRIPE_API_BASE: workplace.origin, PUBLIC_ORIGIN: ADDRESS });
  workplace.edit('wrangler.toml', {
    main: 'worker.ts',
    alias: { 'portal-link': './src/doors/package.ts' },
  });
  workplace.write('worker.ts', `import { app, billing } from './app.js';\n${EXPORT}`);
  workplace.cloudflare.createWorker('portal-link', {
    STRIPE_SECRET_KEY: 'x',
    STRIPE_WEBHOOK_SECRET: 'y',
  });
});

const EXPORT = 'export default { fetch: app.fetch, scheduled: billing.scheduled };\n';
const MOUNT = `import { Hono } from 'hono';
import { portalLink, type Identity } from 'portal-link';

const someone: Identity = { subject: 'user_1' };
export const billing = portalLink({ identify: () => someone });
export const app = new Hono().route('/', billing.app);
`;
const NO_MOUNT = `import worker from 'portal-link';
// import { portalLink } from 'portal-link';
export const [app, billing] = [worker, worker];
`;

const folder = () => join(workplace.directory, 'app');

describe('deploy, without a setting that says who asks', () => {
  it('uploads an app that has portal-link mounted, and applies the migrations', async () => {
    workplace.write('app.ts', MOUNT);
    const run = await workplace.run(['deploy']);
    expect(run.output).not.toContain('would answer nobody');
    expect(run.status).toBe(0);
    expect(workplace.cloudflare.scripts.get('portal-link')?.deployed).toBe(true);
  });

  it('refuses one whose other settings the Worker cannot read', async () => {
    workplace.write('app.ts', MOUNT);
    workplace.configure({ BRAND_COLOR: 'mauve' });
    const run = await workplace.run(['deploy']);
    expect([run.status, run.output]).toEqual([2, expect.stringContaining('BRAND_COLOR')]);
  });

  it('refuses a Worker of portal-link’s own', async () => {
    workplace.write('app.ts', NO_MOUNT);
    const run = await workplace.run(['deploy']);
    expect([run.status, run.output]).toEqual([2, expect.stringContaining('would answer nobody')]);
  });
});

describe('setup and doctor', () => {
  const setup = async (how: '--yes' | '--dry-run') =>
    workplace.run(['setup', '--remote', how], { STRIPE_SECRET_KEY: workplace.key });

  it('ask a mount for no way to sign in', async () => {
    workplace.write('app.ts', MOUNT);
    const run = await setup('--dry-run');
    expect(run.output).not.toContain('No setting says how people sign in');
    expect(run.status).toBe(0);
    const doctor = await workplace.run(['doctor', '--remote', '--json'], {
      STRIPE_SECRET_KEY: workplace.key,
    });
    const { checks } = JSON.parse(doctor.stdout) as { checks: { check: string }[] };
    expect(checks.find(({ check }) => check === 'identity_keys')).toMatchObject({
      outcome: 'ok',
      found: expect.stringContaining('the app says who a visitor is'),
    });
  });

  it('ask a mount for no list of secrets, which would have to name those of the app', async () => {
    workplace.write('app.ts', MOUNT);
    workplace.edit('wrangler.toml', { secrets: null });
    const { stdout } = await workplace.run(['doctor', '--static', '--json']);
    const { checks } = JSON.parse(stdout) as { checks: { check: string }[] };
    expect(checks.find(({ check }) => check === 'worker_config')).toMatchObject({ outcome: 'ok' });
  });

  it('ask a Worker of portal-link’s own for one', async () => {
    workplace.write('app.ts', NO_MOUNT);
    const run = await setup('--yes');
    expect([run.status, run.output]).toEqual([
      2,
      expect.stringContaining('No setting says how people sign in'),
    ]);
  });
});

describe('the mount is found', () => {
  const isFound = (files: Record<string, string>, main = 'src/index.ts') => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder(), name)), { recursive: true });
      writeFileSync(join(folder(), name), text);
    }
    return doorOf(folder(), { main: join(folder(), main) }) === 'mount';
  };
  const from = (name: string) => `import { app } from '${name}';\nexport default app;\n`;

  it.each<[string, string, Record<string, string>]>([
    [
      'paths of tsconfig.json',
      '@/billing',
      { 'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"], }, } } // all\n' },
    ],
    [
      'a path for one name',
      'billing',
      {
        'tsconfig.json': '{ "compilerOptions": { "paths": { "billing": ["./src/billing.ts"] } } }',
      },
    ],
    ['baseUrl', 'src/billing.js', { 'tsconfig.json': '{ "compilerOptions": { "baseUrl": "." } }' }],
    [
      'a tsconfig.json that extends another',
      '$lib/billing',
      {
        'tsconfig.json': '{ "extends": "./.base/tsconfig.json" }',
        '.base/tsconfig.json': '{ "compilerOptions": { "paths": { "$lib/*": ["../src/*"] } } }',
      },
    ],
    [
      'a tsconfig.json that extends a package and another',
      '~/billing',
      {
        'tsconfig.json': '{ "extends": ["the-base", "./.base/tsconfig.json"] }',
        'node_modules/the-base/tsconfig.json': '{ "compilerOptions": { "strict": true } }',
        '.base/tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["../src/*"] } } }',
      },
    ],
    [
      'a jsconfig.json',
      '@/billing',
      { 'jsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }' },
    ],
    [
      'imports of package.json',
      '#billing',
      { 'package.json': '{ "imports": { "#billing": "./src/billing.ts" } }' },
    ],
  ])('behind %s', (_, name, files) => {
    const app = { 'src/index.ts': from(name), ...files };
    expect(isFound({ ...app, 'src/billing.ts': NO_MOUNT })).toBe(false);
    expect(isFound({ ...app, 'src/billing.ts': MOUNT })).toBe(true);
  });

  const PACKAGE = 'packages/billing';
  const linked = (manifest: object, source: string) => {
    const found = isFound({
      [`../${PACKAGE}/package.json`]: JSON.stringify({ name: '@acme/billing', ...manifest }),
      [`../${PACKAGE}/${source}`]: MOUNT,
      'src/index.ts': from('@acme/billing'),
      'package.json': '{}',
    });
    expect(found).toBe(false);
    mkdirSync(join(folder(), 'node_modules/@acme'), { recursive: true });
    symlinkSync(join(workplace.directory, PACKAGE), join(folder(), 'node_modules/@acme/billing'));
    return isFound({});
  };

  it.each<[string, object, string]>([
    ['main', { main: 'lib/billing.ts' }, 'lib/billing.ts'],
    ['exports', { exports: './src/app.ts' }, 'src/app.ts'],
    [
      'a condition of exports whose build is not there',
      { exports: { '.': { import: './dist/app.js', types: './src/app.ts' } } },
      'src/app.ts',
    ],
    ['nothing', {}, 'src/index.ts'],
  ])('in a package of the workspace, which names it by %s', (_, manifest, source) => {
    expect(linked(manifest, source)).toBe(true);
  });

  it.each<[string, string, string]>([
    ['a module of JSX', './app', 'src/app/index.tsx'],
    ['the folder above', '..', 'index.ts'],
    ['the folder itself', '.', 'src/index.jsx'],
    ['a module for Node', './app', 'src/app/index.mjs'],
  ])('in %s', (_, name, file) => {
    expect(isFound({ 'src/main.ts': from(name), [file]: NO_MOUNT }, 'src/main.ts')).toBe(false);
    expect(isFound({ [file]: MOUNT }, 'src/main.ts')).toBe(true);
  });

  it('behind require()', () => {
    const app = { 'src/index.js': "module.exports = require('./app');\n" };
    const mount = "const { portalLink } = require('portal-link');\nportalLink({});\n";
    expect(isFound({ ...app, 'src/app.js': '' }, 'src/index.js')).toBe(false);
    expect(isFound({ 'src/app.js': mount }, 'src/index.js')).toBe(true);
  });

  it.each<[string, string]>([
    ['* as pl', "import * as pl from 'portal-link';\nexport const billing = pl.portalLink({});\n"],
    ['another name', "import { portalLink as mount } from 'portal-link';\nmount({});\n"],
    ['import()', "const { portalLink } = await import('portal-link');\nportalLink<App>({});\n"],
    [
      'a call between a pattern and a comment',
      "app.use('/*', cors());\nconst billing = pl.portalLink({});\n/** Ours. */\n",
    ],
  ])('by %s', (_, code) => {
    expect(isFound({ 'src/index.ts': code })).toBe(true);
  });

  it('among what a framework builds the Worker of', () => {
    const main = '.svelte-kit/cloudflare/_worker.js';
    expect(isFound({ 'src/routes/page.ts': '', [main]: '' }, main)).toBe(false);
    expect(isFound({ 'src/hooks.server.ts': MOUNT }, main)).toBe(true);
  });

  it('not behind a tsconfig.json that is broken, or goes in a circle', () => {
    const app = { 'src/index.ts': from('@/billing'), 'src/billing.ts': MOUNT };
    expect(isFound({ ...app, 'tsconfig.json': '{ "paths": ' })).toBe(false);
    expect(isFound({ ...app, 'tsconfig.json': '{ "extends": "./tsconfig.json" }' })).toBe(false);
  });
});

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
