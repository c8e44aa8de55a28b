import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, type TomlTable } from 'smol-toml';
import { expect, it } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import { settingNames } from '../../src/config/settings.ts';

const config = parse(readFileSync('test/as-it-comes/wrangler.toml', 'utf8'));
const SECRET = /SECRET|API_KEY$/;

it('lists every setting that is not a secret, and no other', () => {
  const listed = settingNames.filter((name) => !SECRET.test(name));
  expect(Object.keys(config['vars'] as TomlTable).toSorted()).toEqual(listed.toSorted());
});

it('requires the secrets of .dev.vars.example', () => {
  const example = readFileSync('.dev.vars.example', 'utf8');
  const names = [...example.matchAll(/^(\w+)=/gm)].map(([, name]) => name);
  expect(config['secrets']).toMatchObject({ required: expect.arrayContaining(names) });
});

it('has in MOUNT.md, for a host with wrangler.jsonc, what the Worker needs', () => {
  const page = readFileSync('src/doors/MOUNT.md', 'utf8');
  const block = /```jsonc\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'portal-link-'));
  const path = join(folder, 'wrangler.jsonc');
  writeFileSync(path, block);
  const host = unstable_readConfig({ config: path }, { hideWarnings: true });
  rmSync(folder, { recursive: true });

  const limits = config['ratelimits'] as { name: string }[];
  const wanted = limits.filter(({ name }) => !name.startsWith('SIGN_IN_'));
  const plain = (all: object) => Object.values(all).map(({ name, simple }) => ({ name, simple }));
  expect(plain(host.ratelimits)).toEqual(plain(wanted));
  expect(host.d1_databases).toMatchObject([
    { binding: 'DB', migrations_dir: 'node_modules/portal-link/migrations' },
  ]);
  expect(host.triggers).toMatchObject(config['triggers'] as TomlTable);
  expect(host.vars).toHaveProperty('SIGN_IN_URL');
  // With a list of required ones, `wrangler dev` would hide the host's other secrets.
  expect(host.secrets).toBeUndefined();
  for (const name of (config['secrets'] as { required: string[] }).required)
    expect(page).toContain(`npx wrangler secret put ${name}`);
});
