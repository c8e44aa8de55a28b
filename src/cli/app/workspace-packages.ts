import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

const NAME = /^((?:@[^/:]+\/)?[^/:@.][^/:]*)(?:\/(.*))?$/;

/**
 * Where a package of the same workspace may have a module: a package manager links to its folder. A
 * package that is installed has nothing of the operator's.
 *
 * @param name    as an import has it
 * @param folder  that of the module that imports it
 */
export function pathsInWorkspace(name: string, folder: string): string[] {
  const [, packageName, inside] = NAME.exec(name) ?? [];
  const root = packageName && linkedFolder(packageName, folder);
  if (!root) return [];
  const manifest = manifestOf(root);
  if (manifest['exports'] !== undefined) {
    return targetsOf(manifest['exports'], inside === undefined ? '.' : `./${inside}`).map((each) =>
      join(root, each),
    );
  }
  if (inside !== undefined) return [join(root, inside)];
  const named = [manifest['module'], manifest['main'], manifest['types'], 'index', 'src/index'];
  return named.flatMap((each) => (typeof each === 'string' ? [join(root, each)] : []));
}

function linkedFolder(name: string, folder: string): string | undefined {
  const path = join(folder, 'node_modules', name);
  if (existsSync(path)) {
    const real = realpathSync(path);
    return /[\\/]node_modules[\\/]/.test(real) ? undefined : real;
  }
  return dirname(folder) === folder ? undefined : linkedFolder(name, dirname(folder));
}

function manifestOf(folder: string): Record<string, unknown> {
  try {
    const given: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return isRecord(given) ? given : {};
  } catch {
    return {};
  }
}

/** Under any condition: one may lead to the source, another to a build that is not there yet. */
function targetsOf(exported: unknown, path: string): string[] {
  if (!isRecord(exported) || !Object.keys(exported).some((key) => key.startsWith('.'))) {
    return path === '.' ? leavesOf(exported) : [];
  }
  return Object.entries(exported).flatMap(([key, target]) => {
    if (key === path) return leavesOf(target);
    const [before = '', after] = key.split('*');
    if (after === undefined || !path.startsWith(before) || !path.endsWith(after)) return [];
    const middle = path.slice(before.length, path.length - after.length);
    return leavesOf(target).map((each) => each.replaceAll('*', middle));
  });
}

function leavesOf(target: unknown): string[] {
  if (typeof target === 'string') return [target];
  return isRecord(target) || Array.isArray(target) ? Object.values(target).flatMap(leavesOf) : [];
}

const isRecord = (given: unknown): given is Record<string, unknown> =>
  typeof given === 'object' && given !== null && !Array.isArray(given);
