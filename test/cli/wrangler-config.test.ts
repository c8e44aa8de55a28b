import { readFileSync } from 'node:fs';
import { parse, type TomlTable } from 'smol-toml';
import { expect, it } from 'vitest';
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
