import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { createAliases, type PathsOfAlias } from './aliases.ts';

const MOUNTS =
  /^\s*import\s+(?:\w+\s*,\s*)?\{[^}]*\bportalLink\b[^}]*\}\s*from\s*['"]portal-link['"]/m;
const MODULE = /(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g;
const ENDINGS = ['', '.ts', '.tsx', '.js', '.jsx', '.mjs', '/index.ts', '/index.js'];

/**
 * Whether an app has portal-link mounted: then its own code says who asks, and no setting has to.
 * Its modules are read, from the one that the Worker begins with.
 *
 * @param main  where that one is; undefined where the configuration names none
 */
export function isMount(directory: string, main: string | undefined): boolean {
  if (main === undefined) return false;
  const isOfFramework = isBuilt(relative(directory, resolve(directory, main)));
  const pathsOfAlias = createAliases();
  // The set grows while it is walked.
  const modules = new Set(
    isOfFramework ? sourcesIn(join(directory, 'src')) : [resolve(directory, main)],
  );
  for (const name of modules) {
    const path = fileOf(name);
    if (path === undefined) continue;
    const code = readFileSync(path, 'utf8');
    if (code.includes('portalLink') && MOUNTS.test(code)) return true;
    for (const each of modulesOf(code, dirname(path), pathsOfAlias)) modules.add(each);
  }
  return false;
}

/** Whether a framework makes the module that the Worker begins with, or brings it along. */
export const isBuilt = (main: string): boolean =>
  !/\.[cm]?[jt]sx?$/.test(main) || /^(?:\.\/)?(?:build|dist|out|\.[\w-]+)\//.test(main);

/** What a framework builds that module of. */
const sourcesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.[cm]?[jt]sx?$/.test(name))
        .map((name) => join(folder, name))
    : [];

/** Its own modules, as it names them. */
const modulesOf = (code: string, folder: string, pathsOfAlias: PathsOfAlias): string[] =>
  [...code.matchAll(MODULE)].flatMap(([, name = '']) =>
    /^\.{1,2}\//.test(name) ? resolve(folder, name) : pathsOfAlias(name, folder),
  );

/** The file of a module. TypeScript may be imported by the name that it is compiled to. */
function fileOf(name: string): string | undefined {
  if (isFile(name)) return name;
  const names = [name, name.replace(/\.(m?)js(x?)$/, '.$1ts$2')];
  return names.flatMap((each) => ENDINGS.map((ending) => each + ending)).find(isFile);
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
