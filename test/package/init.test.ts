import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { parse, type TomlTable } from 'smol-toml';
import { openFolder, type Folder } from './operator.ts';

const bin = join(inject('packed').folder, 'dist/commands/bin.js');
const APP = "import { Hono } from 'hono';\n\nexport default new Hono();\n";
/** A Worker of an app that has a database and a setting of its own. */
const WORKER = `# Our app.
name = "shop"
main = "src/app.ts"
compatibility_date = "2026-01-01"

[[d1_databases]]
binding = "SHOP"
database_name = "shop"

[vars]
GREETING = "hello" # to be read out

[triggers]
crons = ["0 3 * * *"]
`;

let folder: Folder;
/** Stand for package managers: they note that they were called. */
let managers: Record<string, string>;

beforeEach(() => {
  folder = openFolder();
  const programs = folder.path('.programs');
  mkdirSync(programs);
  for (const name of ['npm', 'pnpm', 'yarn', 'bun']) {
    folder.write(`.programs/${name}`, `#!/bin/sh\necho "$(basename $0) $@" > .called\n`);
    chmodSync(join(programs, name), 0o755);
  }
  managers = { PATH: `${programs}:/usr/bin:/bin` };
});
afterEach(() => folder.close());

const init = async (options = '--yes', given: Record<string, string> = {}) =>
  folder.run(`${process.execPath} ${bin} init ${options}`.trim(), { ...managers, ...given });
const files = () => readdirSync(folder.directory).filter((name) => name !== '.programs');

describe('in an empty folder', () => {
  it.each([
    ['npm', {}],
    ['pnpm', { npm_config_user_agent: 'pnpm/10.1.0 npm/? node/v24.0.0 linux x64' }],
    ['yarn', { npm_config_user_agent: 'yarn/4.1.0 npm/? node/v24.0.0 linux x64' }],
    ['bun', { npm_config_user_agent: 'bun/1.3.0 npm/? node/v24.0.0 linux x64' }],
  ])('installs with %s, which runs it', async (name, given) => {
    expect(await init('--yes', given)).toMatchObject({ status: 0 });
    expect(folder.read('.called')).toBe(`${name} install\n`);
  });

  it('names commands in its files as the package has them', async () => {
    await init();
    const text = ['wrangler.toml', 'portal.toml', '.dev.vars.example'].map(folder.read).join('\n');
    expect(text).toContain('npx portal-link setup --env staging');
    expect(text).not.toMatch(/npm run|npm start/);
    expect(text).not.toContain('[alias]');
    expect(parse(folder.read('wrangler.toml'))).toMatchObject({
      main: 'src/index.ts',
      d1_databases: [{ migrations_dir: 'node_modules/portal-link/migrations' }],
    });
  });

  it('writes into a folder that it is given, and leads there', async () => {
    const { status, output } = await init('billing --yes');
    expect(status).toBe(0);
    expect(existsSync(folder.path('billing/wrangler.toml'))).toBe(true);
    expect(output).toContain('cd billing && npx portal-link setup');
  });

  it('writes nothing in a dry run, and nothing without an answer', async () => {
    expect(await init('--dry-run')).toMatchObject({ status: 0 });
    const { status, output } = await init('');
    expect(status).toBe(2);
    expect(output).toContain('+ wrangler.toml (new');
    expect(output).toContain('Add --yes');
    expect(files()).toEqual([]);
  });

  it('finds the migrations above, where a workspace has its packages', async () => {
    const packages = folder.path('node_modules/portal-link');
    const copy = `mkdir -p ${packages} && cp -r ${inject('packed').folder}/migrations ${packages}`;
    folder.write('.programs/npm', `#!/bin/sh\n${copy}\n`);
    expect(await init('apps/billing --yes')).toMatchObject({ status: 0 });
    expect(parse(folder.read('apps/billing/wrangler.toml'))).toMatchObject({
      d1_databases: [{ migrations_dir: '../../node_modules/portal-link/migrations' }],
    });
  });

  it('says when the installation has failed, and keeps the files', async () => {
    folder.write('.programs/npm', '#!/bin/sh\nexit 1\n');
    const { status, output } = await init();
    expect(status).toBe(2);
    expect(output).toContain('`npm install` failed');
    expect(files()).toContain('wrangler.toml');
  });
});

describe('where there is a Worker', () => {
  it('adds what is missing, keeps every line, and leads to the mount', async () => {
    folder.write('wrangler.toml', WORKER);
    folder.write(
      'package.json',
      '{\n    "name": "shop",\n    "dependencies": { "hono": "^4.0.0" }\n}\n',
    );
    folder.write('.gitignore', 'node_modules\n');
    mkdirSync(folder.path('src'));
    folder.write('src/app.ts', APP);
    const { status, output } = await init();
    expect(status).toBe(0);
    expect(folder.read('src/app.ts')).toBe(APP);
    expect(existsSync(folder.path('src/index.ts'))).toBe(false);
    expect(output).toContain('src/app.ts is a Worker of your own: mount portal-link in it.');

    const text = folder.read('wrangler.toml');
    expect(text.startsWith(WORKER)).toBe(true);
    const config = parse(text);
    expect(config).toMatchObject({ name: 'shop', vars: { GREETING: 'hello' } });
    const names = (list: unknown) =>
      (list as TomlTable[]).map((each) => each['binding'] ?? each['name']);
    expect(names(config['d1_databases'])).toEqual(['SHOP', 'DB']);
    expect(config['d1_databases']).toMatchObject([{}, { database_name: 'shop-billing' }]);
    expect(names(config['ratelimits'])).toContain('SESSION_LIMIT');
    // Its counters are its own, not those of the Worker `portal-link`.
    expect(text).not.toContain('"70263723"');
    expect(output).toMatch(/^ {2}\+ binding = "DB"$/m);
    expect(output).toContain('! wrangler.toml: in [triggers], add "*/5 * * * *" to crons');
    expect(output).toContain('! wrangler.toml: set compatibility_date to');

    const manifest = JSON.parse(folder.read('package.json'));
    expect(manifest).toMatchObject({ name: 'shop', dependencies: { hono: '^4.0.0' } });
    expect(folder.read('package.json')).toContain('\n    "name"');
    expect(folder.read('.gitignore').split('\n')).toContain('.dev.vars');
    expect(folder.read('.gitignore').match(/node_modules/g)).toHaveLength(1);
  });

  it('adds nothing twice', async () => {
    folder.write('wrangler.toml', WORKER);
    mkdirSync(folder.path('src'));
    folder.write('src/app.ts', APP);
    await init();
    mkdirSync(folder.path('node_modules/portal-link/migrations'), { recursive: true });
    const before = folder.read('wrangler.toml');
    const { status, output } = await init('');
    expect(status).toBe(0);
    expect(output).not.toMatch(/^[+~]/m);
    expect(folder.read('wrangler.toml')).toBe(before);
  });

  it('gives one without a module of its own the entry', async () => {
    folder.write('wrangler.toml', 'name = "shop"\n');
    expect(await init()).toMatchObject({ status: 0 });
    expect(parse(folder.read('wrangler.toml'))).toMatchObject({
      name: 'shop',
      main: 'src/index.ts',
    });
    expect(folder.read('src/index.ts')).toContain("from 'portal-link'");
  });

  it('keeps an entry that exports portal-link among other things', async () => {
    folder.write('wrangler.toml', 'name = "shop"\nmain = "worker.js"\n');
    folder.write('worker.js', 'export { default, Billing } from "portal-link";\n');
    const { output } = await init();
    expect(output).not.toContain('Worker of your own');
    expect(output).not.toContain('worker.js');
  });
});

describe('refuses, before it writes anything,', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    [
      'settings that are no TOML',
      { 'wrangler.toml': 'name = \n' },
      /wrangler\.toml cannot be read/,
    ],
    [
      'settings that are no JSON',
      { 'wrangler.jsonc': '{\n  "name": "shop"\n  "main": "src/app.ts"\n}\n' },
      /wrangler\.jsonc cannot be read\. line 3, column 3: .*a comma/s,
    ],
    [
      'two files of settings, of which Wrangler would read one',
      { 'wrangler.jsonc': '{}', 'wrangler.toml': '' },
      /wrangler\.jsonc and wrangler\.toml are both .*Wrangler reads wrangler\.jsonc only/s,
    ],
    [
      'a list in JSON that is none',
      { 'wrangler.json': '{ "d1_databases": {} }' },
      /Nothing can be added to wrangler\.json.*"binding": "DB"/s,
    ],
    [
      'bindings in a list to which nothing can be added',
      { 'wrangler.toml': 'd1_databases = [{ binding = "SHOP" }]\n' },
      /Add this yourself.*binding = "DB"/s,
    ],
    [
      'a package.json that is broken',
      { 'package.json': '{ "name": ' },
      /package\.json cannot be read/,
    ],
    ['a package.json that is a list', { 'package.json': '[]' }, /package\.json cannot be read/],
    ['an index that is something else', { 'src/index.ts': APP }, /src\/index\.ts is there/],
  ])('%s', async (_, given, message) => {
    for (const [name, text] of Object.entries(given)) {
      mkdirSync(join(folder.path(name), '..'), { recursive: true });
      folder.write(name, text);
    }
    const before = files();
    const { status, output } = await init();
    expect(output).toMatch(message);
    expect(status).toBe(2);
    expect(files()).toEqual(before);
  });

  it('a folder that is a file, or would be in one', async () => {
    folder.write('billing', 'a file');
    for (const options of ['billing --yes', 'billing/inner --yes', 'billing/inner --dry-run']) {
      const { status, output } = await init(options);
      expect(status).toBe(2);
      expect(output).toMatch(/billing is not a folder\. Name a folder .* Nothing was written\./);
    }
  });

  // As root, everything can be written.
  it.skipIf(process.getuid?.() === 0)('a folder that is to be read only', async () => {
    mkdirSync(folder.path('billing'), { mode: 0o555 });
    for (const options of ['billing --yes', 'billing/inner --yes']) {
      const { status, output } = await init(options);
      expect(status).toBe(2);
      expect(output).toMatch(/billing cannot be written to\. Name a folder that you may write to/);
    }
  });

  it.runIf(existsSync('/proc/self'))('a folder that the system does not make', async () => {
    const { status, output } = await init('/proc/portal-link --yes');
    expect(status).toBe(2);
    expect(output).toMatch(
      /\/proc\/portal-link\S* cannot be writ.*Name a folder.*Nothing was written/,
    );
  });
});

it('says which Node the commands need', async () => {
  const old =
    "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.9.0'})";
  const { status, output } = await folder.run(`node --import ${old} ${bin} doctor`);
  expect(status).toBe(2);
  expect(output).toBe(
    '✗ The commands need Node 22.12 or newer, as Wrangler does. This is Node 20.9.0.\n',
  );
});
