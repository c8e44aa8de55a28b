import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { parse } from 'smol-toml';
import { openFolder, type Folder } from './operator.ts';

const bin = join(inject('packed').folder, 'dist/commands/bin.js');
const APP = "import { Hono } from 'hono';\n\nexport default new Hono();\n";
const SETTINGS = 'name = "shop"\nmain = "src/app.ts"\ncompatibility_date = "2026-01-01"\n';
const DATABASE = '\n[[d1_databases]]\nbinding = "DB"\ndatabase_name = "shop"\n';

let folder: Folder;
beforeEach(() => {
  folder = openFolder();
  mkdirSync(folder.path('.programs'));
  install('echo "$@" > .called');
});
afterEach(() => folder.close());

/** What `npm install` does. */
function install(script: string): void {
  folder.write('.programs/npm', `#!/bin/sh\n${script}\n`);
  chmodSync(folder.path('.programs/npm'), 0o755);
}

/** Writes the files of a Worker that is the operator's own. */
function host(files: Record<string, string>): void {
  for (const [name, text] of Object.entries({ 'src/app.ts': APP, ...files })) {
    mkdirSync(dirname(folder.path(name)), { recursive: true });
    folder.write(name, text);
  }
}

const init = async (...options: string[]) =>
  folder.run([process.execPath, bin, 'init', ...options].join(' '), {
    PATH: `${folder.path('.programs')}:/usr/bin:/bin`,
  });
const byHand = (output: string) => output.split('\n').filter((line) => line.startsWith('! '));
const lineWith = (output: string, part: string) =>
  byHand(output).find((line) => line.includes(part));

describe('secrets of the Worker that is there', () => {
  it('stay visible to `wrangler dev`, and are named for a list of them', async () => {
    host({ 'wrangler.toml': SETTINGS, '.dev.vars': 'BETTER_AUTH_SECRET=abc\n' });
    const { output } = await init('--yes');
    expect(parse(folder.read('wrangler.toml'))).not.toHaveProperty('secrets');
    expect(lineWith(output, '[secrets]')).toContain(
      '["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "BETTER_AUTH_SECRET"]',
    );
    expect(output).not.toContain('abc');
  });

  it('get ours beside them in a list that is there, by hand', async () => {
    host({ 'wrangler.toml': `${SETTINGS}\n[secrets]\nrequired = ["BETTER_AUTH_SECRET"]\n` });
    const { output } = await init('--yes');
    expect(lineWith(output, '[secrets]')).toContain(
      'add "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET" to required',
    );
  });
});

describe('a database that is bound as DB already', () => {
  it.each([
    ['has migrations of another tool', `${DATABASE}migrations_dir = "drizzle"\n`],
    ['has none', DATABASE],
    [
      'belongs to an environment',
      `\n${DATABASE.replace('[[', '[[env.live.')}migrations_dir = "drizzle"\n`,
    ],
  ])('is refused if it %s', async (_, database) => {
    const text = SETTINGS + database;
    host({ 'wrangler.toml': text, 'drizzle/0000_initial.sql': 'CREATE TABLE `orders` (`id`);' });
    const { status, output } = await init('--yes');
    expect(status).toBe(2);
    expect(output).toMatch(/a database of its own.*Nothing was written/s);
    expect(folder.read('wrangler.toml')).toBe(text);
    expect(existsSync(folder.path('portal.toml'))).toBe(false);
  });

  it.each(['node_modules/portal-link/migrations', '../node_modules/portal-link/migrations'])(
    'is ours if its migrations are in %s',
    async (path) => {
      host({ 'wrangler.toml': `${SETTINGS}${DATABASE}migrations_dir = "${path}"\n` });
      expect(await init('--yes')).toMatchObject({ status: 0 });
    },
  );

  it('is ours if its folder has a copy of our migrations', async () => {
    host({ 'wrangler.toml': SETTINGS + DATABASE });
    const ours = join(inject('packed').folder, 'migrations/0000_initial.sql');
    mkdirSync(folder.path('migrations'));
    folder.write(
      'migrations/0007_billing.sql',
      readFileSync(ours, 'utf8').replaceAll('\n', '\r\n'),
    );
    expect(await init('--yes')).toMatchObject({ status: 0 });
  });
});
