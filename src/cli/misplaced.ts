import { settingNames } from '../config/settings.ts';
import { configFileIn } from './config-file/find.ts';
import type { Format } from './config-file/format.ts';
import { formatOf } from './config-file/formats.ts';
import { readConfig } from './config-file/read.ts';
import { isTable, type Value } from './config-file/table.ts';

/**
 * Settings that stand outside of `vars`, each with its table: in TOML, a line belongs to the table
 * above it, and one that was pasted behind [[routes]] is part of a route.
 */
export function misplacedSettings(directory: string): string[] {
  const format = formatOf(configFileIn(directory));
  return [...settingsIn(format, readConfig(directory), [])];
}

function* settingsIn(format: Format, value: Value, path: string[]): Generator<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* settingsIn(format, item, path);
    return;
  }
  if (!isTable(value) || path.at(-1) === 'vars') return;
  for (const [name, inner] of Object.entries(value)) {
    if (!settingNames.includes(name)) yield* settingsIn(format, inner, [...path, name]);
    else {
      yield `${name} is in ${path.length === 0 ? 'no table' : format.tableName(...path)}`;
    }
  }
}

/** What to do about them. */
export function move(directory: string): string {
  const file = configFileIn(directory);
  const { tableName, isByLine } = formatOf(file);
  const why = isByLine ? ': a line belongs to the table above it' : '';
  return `Move it into ${tableName('vars')} of ${file}, or into ${tableName('env', 'NAME', 'vars')}${why}.`;
}
