import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type TomlTable, type TomlValue } from 'smol-toml';
import { settingNames } from '../config/settings.ts';
import { isTable } from './toml.ts';

/** wrangler.toml as it is written, without what wrangler adds. */
export const readConfig = (directory: string): TomlTable =>
  parse(readFileSync(join(directory, 'wrangler.toml'), 'utf8'));

/**
 * Settings that stand outside of [vars], each with its table: in TOML, a line belongs to the table
 * above it, and one that was pasted behind [[routes]] is part of a route.
 */
export function misplacedSettings(directory: string): string[] {
  return [...settingsIn(readConfig(directory), [])];
}

function* settingsIn(value: TomlValue, path: string[]): Generator<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* settingsIn(item, path);
    return;
  }
  if (!isTable(value) || path.at(-1) === 'vars') return;
  for (const [name, inner] of Object.entries(value)) {
    if (settingNames.includes(name)) yield `${name} is in ${tableName(path)}`;
    else yield* settingsIn(inner, [...path, name]);
  }
}

const tableName = (path: string[]) => (path.length === 0 ? 'no table' : `[${path.join('.')}]`);

export const MOVE =
  'Move it into [vars] of wrangler.toml, or into [env.NAME.vars]: a line belongs to the table above it.';
