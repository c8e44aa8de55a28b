import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { parse } from 'smol-toml';
import { APP, folder, host, init, SETTINGS, useFolder } from './beside.ts';

const DATABASE = '\n[[d1_databases]]\nbinding = "DB"\ndatabase_name = "shop"\n';

useFolder();

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

  it.each(['nodejs_compat', 'nodejs_als'])('needs no later date beside %s', async (flag) => {
    host({ 'wrangler.toml': `${SETTINGS}compatibility_flags = ["${flag}"]\n` });
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
