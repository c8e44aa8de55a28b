import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { readTree } from './config-file/jsonc-tree.ts';
import { isTable, listIn, stringIn, type Table } from './config-file/table.ts';

/**
 * Where the module behind an alias may be, without its ending: by `imports` of package.json, or by
 * `paths` and `baseUrl` of tsconfig.json. None for the name of a package.
 *
 * @param folder  that of the module that imports it
 */
export function pathsOfAlias(name: string, folder: string): string[] {
  if (name.startsWith('#')) {
    try {
      return [createRequire(join(folder, '_.js')).resolve(name)];
    } catch {
      return [];
    }
  }
  return tsconfigsAbove(folder).flatMap((file) => pathsByTsconfig(name, file));
}

/** The nearest one, and those that it extends. */
function tsconfigsAbove(folder: string): string[] {
  const own = ['tsconfig.json', 'jsconfig.json']
    .map((file) => join(folder, file))
    .find((file) => existsSync(file));
  if (own !== undefined) return withExtended(own, []);
  return dirname(folder) === folder ? [] : tsconfigsAbove(dirname(folder));
}

function withExtended(file: string, seen: readonly string[]): string[] {
  const extended = stringIn(tsconfigIn(file), 'extends');
  if (!extended?.startsWith('.')) return [file];
  const path = resolve(dirname(file), extended);
  const next = [path, `${path}.json`].find((each) => existsSync(each));
  if (next === undefined || seen.includes(next)) return [file];
  return [file, ...withExtended(next, [...seen, file])];
}

/** Nothing of a file that cannot be read: that is for the compiler to say. */
function tsconfigIn(file: string): Table {
  try {
    return readTree(readFileSync(file, 'utf8')).table;
  } catch {
    return {};
  }
}

function pathsByTsconfig(name: string, file: string): string[] {
  const { compilerOptions: options } = tsconfigIn(file);
  if (!isTable(options)) return [];
  const base = stringIn(options, 'baseUrl');
  const root = resolve(dirname(file), base ?? '.');
  const { paths } = options;
  const aliased = Object.keys(isTable(paths) ? paths : {}).flatMap((pattern) => {
    const [before = '', after] = pattern.split('*');
    if (after === undefined && name !== pattern) return [];
    if (!name.startsWith(before) || !name.endsWith(after ?? '')) return [];
    const middle = name.slice(before.length, name.length - (after ?? '').length);
    return listIn(paths, pattern).map((path) => resolve(root, path.replace('*', middle)));
  });
  return base === undefined ? aliased : [...aliased, resolve(root, name)];
}
