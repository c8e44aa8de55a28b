import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createAliases, type PathsOfAlias } from './aliases.ts';
import { pathsInWorkspace } from './workspace-packages.ts';

const MODULE = /(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g;
const ENDINGS = ['', '.ts', '.tsx', '.js', '.jsx', '.mjs', '/index.ts', '/index.js'];

export type Module = { path: string; code: string };

/**
 * The operator's own modules that begin with these, one after the other: whatever they import, also
 * by an alias or from a package of the same workspace, and nothing that is installed.
 *
 * @param isClosed  what the module at this path imports is of no interest
 */
export function* modulesFrom(
  starts: readonly string[],
  isClosed: (path: string) => boolean,
): Generator<Module> {
  const pathsOfAlias = createAliases();
  // The set grows while it is walked.
  const modules = new Set(starts);
  for (const name of modules) {
    const path = fileOf(name);
    if (path === undefined) continue;
    const code = isClosed(path) ? '' : readFileSync(path, 'utf8');
    yield { path, code };
    for (const each of modulesOf(code, dirname(path), pathsOfAlias)) modules.add(each);
  }
}

/** All modules below a folder. */
export const modulesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.[cm]?[jt]sx?$/.test(name))
        .map((name) => join(folder, name))
    : [];

/** The operator's own modules, as this one names them. */
const modulesOf = (code: string, folder: string, pathsOfAlias: PathsOfAlias): string[] =>
  [...code.matchAll(MODULE)].flatMap(([, name = '']) =>
    /^\.{1,2}\//.test(name)
      ? resolve(folder, name)
      : pathsOfAlias(name, folder).concat(pathsInWorkspace(name, folder)),
  );

/** The file of a module. TypeScript may be imported by the name that it is compiled to. */
export function fileOf(name: string): string | undefined {
  const names = [name, name.replace(/\.(m?)js(x?)$/, '.$1ts$2')];
  const found = names.flatMap((each) => ENDINGS.map((ending) => each + ending)).find(isFile);
  return found && realpathSync(found);
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
