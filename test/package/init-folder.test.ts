import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { parse } from 'smol-toml';
import { folder, host, init, install, useFolder } from './beside.ts';

useFolder();

describe('the commands', () => {
  const ask = async () => {
    const packages = folder.path('node_modules');
    mkdirSync(join(packages, 'portal-link'), { recursive: true });
    for (const name of ['dist', 'migrations', 'package.json']) {
      const from = join(inject('packed').folder, name);
      cpSync(from, join(packages, 'portal-link', name), { recursive: true });
    }
    for (const name of ['hono', 'jose', 'oauth4webapi', 'valibot', 'drizzle-orm', 'stripe']) {
      symlinkSync(resolve('node_modules', name), join(packages, name));
    }
    const command = 'node_modules/portal-link/dist/commands/bin.js';
    return folder.run(`${process.execPath} ${command} doctor`);
  };

  it('say that they need Wrangler, which the package does not install', async () => {
    const { status, output } = await ask();
    expect(status).toBe(2);
    expect(output).toMatch(/^✗ The commands need Wrangler 4\.\S+ or newer.* none here\.\n$/);
  });

  it('say that Wrangler is too old for them', async () => {
    host({ 'node_modules/wrangler/package.json': '{ "version": "4.60.0" }' });
    const { status, output } = await ask();
    expect(status).toBe(2);
    expect(output).toMatch(/^✗ The commands need Wrangler .* This is 4\.60\.0\.\n$/);
  });
});

describe('after an installation that failed', () => {
  it('installs once more, and finds the migrations', async () => {
    install('exit 1');
    const first = await init('apps/billing', '--yes');
    expect(first.status).toBe(2);
    expect(first.output).toContain('`npx portal-link init apps/billing`');
    const packages = folder.path('node_modules/portal-link');
    install(`mkdir -p ${packages} && cp -r ${inject('packed').folder}/* ${packages}`);
    expect(await init('apps/billing', '--yes')).toMatchObject({ status: 0 });
    expect(parse(folder.read('apps/billing/wrangler.toml'))).toMatchObject({
      d1_databases: [{ migrations_dir: '../../node_modules/portal-link/migrations' }],
    });
  });

  it.each(['.', 'apps/billing'])(
    'says what Yarn needs, if it installed in its own way above %s',
    async (place) => {
      const pnp = folder.path('.pnp.cjs');
      folder.write('yarn.lock', '');
      folder.write('.programs/yarn', `#!/bin/sh\ntouch ${pnp}\n`);
      chmodSync(folder.path('.programs/yarn'), 0o755);
      const { status, output } = await init(place, '--yes');
      expect(status).toBe(2);
      expect(output).toContain('`nodeLinker: node-modules` into .yarnrc.yml');
      expect(output).not.toContain('Next:');
      folder.write(
        '.programs/yarn',
        `#!/bin/sh\nmkdir -p ${folder.path('node_modules/portal-link/migrations')}\n`,
      );
      expect(await init(place, '--yes')).toMatchObject({ status: 0 });
    },
  );

  it('corrects the way to packages that somebody else has installed', async () => {
    install('exit 1');
    await init('apps/billing', '--yes');
    const packages = folder.path('node_modules/portal-link');
    mkdirSync(join(packages, 'migrations'), { recursive: true });
    expect(await init('apps/billing', '--yes')).toMatchObject({ status: 0 });
    expect(folder.read('apps/billing/wrangler.toml')).toContain('"../../node_modules');
  });
});

describe('refuses to write outside of the folder', () => {
  it.each<[string, () => void]>([
    [
      'by the name of the entry',
      () => host({ 'inner/wrangler.toml': 'main = "../outside/worker.ts"\n' }),
    ],
    [
      'through a link to a file that is not there',
      () => {
        mkdirSync(folder.path('inner'));
        symlinkSync('../outside.toml', folder.path('inner/wrangler.toml'));
      },
    ],
    [
      'through a link to a file that is there',
      () => {
        host({ 'outside.toml': 'name = "shop"\n', 'inner/portal.toml': '' });
        symlinkSync('../outside.toml', folder.path('inner/wrangler.toml'));
      },
    ],
    [
      'through a link to a folder',
      () => {
        host({ 'outside/README.md': '', 'inner/portal.toml': '' });
        symlinkSync('../outside', folder.path('inner/src'));
      },
    ],
  ])('%s', async (_, prepare) => {
    prepare();
    const listed = () => readdirSync(folder.directory, { recursive: true }).map(String);
    const before = listed();
    const { status, output } = await init('inner', '--yes');
    expect(status).toBe(2);
    expect(output).toContain('Nothing was written');
    expect(listed()).toEqual(before);
  });

  it('but writes into a folder that is a link itself', async () => {
    mkdirSync(folder.path('real'));
    symlinkSync('real', folder.path('billing'));
    expect(await init('billing', '--yes')).toMatchObject({ status: 0 });
    expect(existsSync(folder.path('real/wrangler.toml'))).toBe(true);
    expect(lstatSync(folder.path('billing')).isSymbolicLink()).toBe(true);
  });
});

describe('the next command', () => {
  it.each([
    ['apps/billing', 'cd apps/billing && npx portal-link setup'],
    ["it's", `cd 'it'\\''s' && npx portal-link setup`],
  ])('leads into %s as it was given', async (given, expected) => {
    expect((await init(given, '--yes')).output).toContain(expected);
  });
});
