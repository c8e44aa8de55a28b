import type { TomlTable, TomlValue } from 'smol-toml';
import { isTable } from '../toml.ts';

/** The text under this key. */
export function stringIn(table: TomlTable, key: string): string | undefined {
  const value = table[key];
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a list in a table. */
export function listIn(table: TomlValue | undefined, key: string): string[] {
  const list = isTable(table) ? table[key] : undefined;
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}

/** The tables of a list, such as those of [[d1_databases]]. */
export const tablesIn = (value: TomlValue | undefined): TomlTable[] =>
  Array.isArray(value) ? value.filter(isTable) : [];

/** What a binding is called. */
export const nameOf = (table: TomlTable): string =>
  stringIn(table, 'binding') ?? stringIn(table, 'name') ?? '';

/** The tables [env.NAME], each with its name. */
export const environmentsIn = ({ env }: TomlTable): [string, TomlTable][] =>
  Object.entries(isTable(env) ? env : {}).flatMap(([name, value]) =>
    isTable(value) ? [[name, value]] : [],
  );
