import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
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

describe('packages that are there', () => {
  const manifest = (packages: object) => JSON.stringify({ name: 'shop', ...packages });

  it.each([
    ['hono', { dependencies: { hono: '4.0.1' } }],
    ['hono', { dependencies: { hono: '~4.1.0' } }],
    ['hono', { dependencies: { hono: '^3.12.0' } }],
    ['hono', { dependencies: { hono: '^5.0.0' } }],
    ['wrangler', { devDependencies: { wrangler: '^3.114.0' } }],
    ['wrangler', { devDependencies: { wrangler: '4.1.0' } }],
  ])('stop it before it writes if %s is one that npm would refuse: %j', async (name, packages) => {
    host({ 'wrangler.toml': SETTINGS, 'package.json': manifest(packages) });
    const { status, output } = await init('--yes');
    expect(status).toBe(2);
    expect(output).toMatch(new RegExp(`package\\.json has ${name} .* needs .*Nothing was written`));
    expect(folder.read('wrangler.toml')).toBe(SETTINGS);
  });

  it.each(['^4.9.0', '4.x', '4', '>=4.2.0', '*', 'latest', 'catalog:', 'workspace:*'])(
    'are left as they are if they can be new enough: %s',
    async (hono) => {
      host({ 'wrangler.toml': SETTINGS, 'package.json': manifest({ dependencies: { hono } }) });
      expect(await init('--yes')).toMatchObject({ status: 0 });
      expect(JSON.parse(folder.read('package.json')).dependencies.hono).toBe(hono);
    },
  );
});

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

describe('the entry that is there', () => {
  const OWN = 'Worker of your own';
  it.each([
    ['imports it and exports it', "import worker from 'portal-link';\nexport default worker;\n"],
    ['names it default in a list', "import w from 'portal-link';\nexport { w as default };\n"],
    ['imports it by name', "import { default as w } from 'portal-link';\nexport default w;\n"],
    ['has a comment before it', "/* ours */ export { default } from 'portal-link'; // as it is\n"],
  ])('is portal-link if it %s', async (_, text) => {
    host({ 'wrangler.toml': SETTINGS, 'src/app.ts': text });
    expect((await init('--yes')).output).not.toContain(OWN);
  });

  it.each([
    ['only names it in a comment', `// export { default } from 'portal-link';\n${APP}`],
    ['only names it in a long comment', `/*\nexport { default } from 'portal-link';\n*/\n${APP}`],
    ['mounts it', "import w from 'portal-link';\nexport default { fetch: w.fetch };\n"],
  ])('is the operator’s own if it %s', async (_, text) => {
    host({ 'wrangler.toml': SETTINGS, 'src/app.ts': text });
    expect((await init('--yes')).output).toContain(OWN);
  });
});

describe('a Worker of the operator’s own', () => {
  it('gets what a mount reads, and nothing of how portal-link signs people in', async () => {
    host({ 'wrangler.toml': SETTINGS });
    const { output } = await init('--yes');
    const config = parse(folder.read('wrangler.toml'));
    expect(Object.keys(config).toSorted()).toEqual(
      [
        'name',
        'main',
        'compatibility_date',
        'd1_databases',
        'ratelimits',
        'triggers',
        'vars',
      ].toSorted(),
    );
    const names = Object.keys(config['vars'] as object);
    expect(names).toEqual(expect.arrayContaining(['SIGN_IN_URL', 'PUBLIC_ORIGIN', 'PORTALS']));
    expect(names.filter((name) => /^(?:AUTH|SESSION)_/.test(name))).toEqual([]);
    expect(folder.read('wrangler.toml')).not.toMatch(/identity provider|cookies to forward/);
    expect(output).not.toContain('global_fetch_strictly_public');
    expect(output).not.toContain('say who signs people in');
    expect(output).toMatch(/In \[vars\] of wrangler\.toml, set PUBLIC_ORIGIN and SIGN_IN_URL/);
    expect(lineWith(output, 'compatibility_date')).toContain('or add "nodejs_compat"');
  });

  it('needs no later date beside nodejs_compat', async () => {
    host({ 'wrangler.toml': `${SETTINGS}compatibility_flags = ["nodejs_compat"]\n` });
    expect(lineWith((await init('--yes')).output, 'compatibility')).toBeUndefined();
  });
});

describe('what only the operator can add', () => {
  it('is said of each environment that lacks a binding, which it does not inherit', async () => {
    const database = DATABASE.replace('[[', '[[env.production.').replace('"DB"', '"SHOP"');
    const own = [
      '[env.preview.triggers]\ncrons = []\n',
      '[[env.complete.d1_databases]]\nbinding = "DB"\ndatabase_name = "billing"',
      'migrations_dir = "node_modules/portal-link/migrations"\n',
    ];
    host({ 'wrangler.toml': `${SETTINGS}${database}\n${own.join('\n')}` });
    const { output } = await init('--yes');
    expect(lineWith(output, '[env.production]')).toMatch(/DB, .*SESSION_LIMIT/);
    expect(lineWith(output, '[env.complete]')).not.toContain('DB,');
    expect(lineWith(output, '[env.preview.triggers]')).toContain('"*/5 * * * *"');
    expect(lineWith(output, '[env.production.vars]')).toContain('SIGN_IN_URL');
  });

  it('is said of settings, where there are [vars]', async () => {
    host({ 'wrangler.toml': `${SETTINGS}\n[vars]\nSIGN_IN_URL = "/login"\n` });
    expect(lineWith((await init('--yes')).output, '[vars]')).toBe(
      '! wrangler.toml: in [vars], set PUBLIC_ORIGIN',
    );
  });
});

describe('files that an editor on Windows has written', () => {
  const crlf = (text: string) => text.replaceAll('\n', '\r\n');

  it('keep their line ends, and only what is new is shown', async () => {
    host({
      'wrangler.toml': crlf(SETTINGS),
      'package.json': crlf('{\n  "name": "shop",\n  "dependencies": { "hono": "^4.0.0" }\n}\n'),
      '.gitignore': crlf('node_modules\ndist\n'),
    });
    const { output } = await init('--yes');
    for (const name of ['wrangler.toml', 'package.json', '.gitignore']) {
      expect(folder.read(name), name).not.toMatch(/[^\r]\n/);
    }
    expect(output).not.toMatch(/^ {2}\+ .*"name": "shop"/m);
    expect(folder.read('.gitignore').match(/node_modules/g)).toHaveLength(1);
  });

  it('may begin with a byte order mark', async () => {
    host({ 'wrangler.toml': `\uFEFF${SETTINGS}`, 'package.json': '\uFEFF{}' });
    const { status } = await init('--yes');
    expect(status).toBe(0);
    expect(parse(folder.read('wrangler.toml'))).toMatchObject({ name: 'shop' });
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
