import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createPathsMatcher, getTsconfig, type PathsMatcher } from 'get-tsconfig';

const FILES = ['tsconfig.json', 'jsconfig.json'];

/**
 * Where the module behind an alias may be, without its ending.
 *
 * @param name    as an import has it
 * @param folder  that of the module that imports it
 */
export type PathsOfAlias = (name: string, folder: string) => string[];

/**
 * Follows `imports` of package.json, and `paths` and `baseUrl` of tsconfig.json, and finds nothing
 * for the name of a package. Each file is read once.
 */
export function createAliases(): PathsOfAlias {
  const cache = new Map<string, never>();
  const known = new Map<string, PathsMatcher[]>();
  const matchersOf = (folder: string) => {
    const matchers = known.get(folder) ?? FILES.flatMap((file) => matcherOf(folder, file, cache));
    known.set(folder, matchers);
    return matchers;
  };
  return (name, folder) =>
    name.startsWith('#')
      ? pathsByManifest(name, folder)
      : matchersOf(folder).flatMap((pathsOf) => pathsOf(name));
}

function pathsByManifest(name: string, folder: string): string[] {
  try {
    return [createRequire(join(folder, '_.js')).resolve(name)];
  } catch {
    return [];
  }
}

/** None by a file that cannot be read: that is for the compiler to say. */
function matcherOf(folder: string, file: string, cache: Map<string, never>): PathsMatcher[] {
  try {
    const found = getTsconfig(folder, file, cache);
    const matcher = found && createPathsMatcher(found);
    return matcher ? [matcher] : [];
  } catch {
    return [];
  }
}
