import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createAliases, type PathsOfAlias } from './aliases.ts';
import { pathsInWorkspace } from './workspace-packages.ts';

// Without what a bundler is to do with a file, such as `?raw`.
const MODULE = /\b(?:from|import|require)\s*\(?\s*['"]([^'"?]+)/g;
// No package can have such a name.
const OWN = /^(?:\.{1,2}(?:\/|$)|@\/|[~#$]|virtual:)/;
const ENDINGS = ['.ts', '.tsx', '.js', '.jsx', '.mjs'];
const NAMES = ['', ...ENDINGS, '.d.ts', ...ENDINGS.map((ending) => `/index${ending}`)];

export type Module = {
  path: string;
  code: string;
  /** Whether it imports a module that is not there: a build or a framework has yet to make it. */
  isIncomplete: boolean;
};

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
    const imports = importsOf(code, dirname(path), pathsOfAlias);
    const isIncomplete = imports.some(
      ({ name: given, paths }) => OWN.test(given) && !paths.some(fileOf),
    );
    yield { path, code, isIncomplete };
    for (const each of imports.flatMap(({ paths }) => paths)) modules.add(each);
  }
}

/** All modules below a folder. */
export const modulesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.[cm]?[jt]sx?$/.test(name))
        .map((name) => join(folder, name))
    : [];

/** What a module imports, and where that may be among the operator's own. */
const importsOf = (code: string, folder: string, pathsOfAlias: PathsOfAlias) =>
  [...code.matchAll(MODULE)].map(([, name = '']) => ({
    name,
    paths: name.startsWith('.')
      ? [resolve(folder, name)]
      : pathsOfAlias(name, folder).concat(pathsInWorkspace(name, folder)),
  }));

/** The file of a module. TypeScript may be imported by the name that it is compiled to. */
export function fileOf(name: string): string | undefined {
  const names = [name, name.replace(/\.([cm]?)js(x?)$/, '.$1ts$2')];
  const found = names.flatMap((each) => NAMES.map((more) => each + more)).find(isFile);
  return found && realpathSync(found);
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
