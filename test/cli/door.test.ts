import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { doorOf } from '../../src/cli/app/door.ts';
import { folder, MOUNT, useApp } from './app-folder.ts';
import { workplace } from './use-workplace.ts';

useApp();

const NO_MOUNT = `import worker from 'portal-link';
// import { portalLink } from 'portal-link';
export const [app, billing] = [worker, worker];
`;

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
