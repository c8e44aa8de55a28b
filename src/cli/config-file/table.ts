import { isDeepStrictEqual } from 'node:util';
import type { TomlTable, TomlValue } from 'smol-toml';

/** What a configuration can hold, in TOML or in JSON. */
export type Value = Exclude<TomlValue, TomlValue[] | TomlTable> | null | Value[] | Table;
export type Table = { [key: string]: Value };

/** An entry of a table. */
export type Entry = { key: string; value: Value };

export function isTable(value: Value | undefined): value is Table {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** Whether two values say the same. Clones lose the prototypes, by which the parsers' tables differ. */
export const isSame = (one: Value | undefined, other: Value | undefined) =>
  isDeepStrictEqual(structuredClone(one), structuredClone(other));

/** The text under this key. */
export function stringIn(table: Table, key: string): string | undefined {
  const value = table[key];
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a list in a table. */
export function listIn(table: Value | undefined, key: string): string[] {
  const list = isTable(table) ? table[key] : undefined;
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}

/** The tables of a list, such as those of `d1_databases`. */
export const tablesIn = (value: Value | undefined): Table[] =>
  Array.isArray(value) ? value.flatMap((each) => (isTable(each) ? [each] : [])) : [];

/** What a binding is called. */
export const nameOf = (table: Table): string =>
  stringIn(table, 'binding') ?? stringIn(table, 'name') ?? '';

/** The tables `env.NAME`, each with its name. */
export const environmentsIn = ({ env }: Table): [string, Table][] =>
  Object.entries(isTable(env) ? env : {}).flatMap(([name, value]) =>
    isTable(value) ? [[name, value]] : [],
  );
