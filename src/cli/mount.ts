import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const MOUNTS =
  /^\s*import\s+(?:\w+\s*,\s*)?\{[^}]*\bportalLink\b[^}]*\}\s*from\s*['"]portal-link['"]/m;
const OWN_MODULE = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g;
const ENDINGS = ['', '.ts', '.tsx', '.js', '.jsx', '.mjs', '/index.ts', '/index.js'];

/**
 * Whether an app has portal-link mounted: then its own code says who asks, and no setting has to.
 * Its modules are read, from the one that the Worker begins with.
 *
 * @param main  where that one is; undefined where the configuration names none
 */
export function isMount(main: string | undefined): boolean {
  const open = main === undefined ? [] : [resolve(main)];
  const seen = new Set<string>();
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path) || !isFile(path)) continue;
    seen.add(path);
    const code = readFileSync(path, 'utf8');
    if (MOUNTS.test(code)) return true;
    open.push(...modulesOf(code, dirname(path)));
  }
  return false;
}

/** Its own modules. TypeScript may be imported by the name that it is compiled to. */
function modulesOf(code: string, folder: string): string[] {
  return [...code.matchAll(OWN_MODULE)].flatMap(([, name = '']) => {
    const names = [name, name.replace(/\.(m?)js(x?)$/, '.$1ts$2')];
    const paths = names.flatMap((each) => ENDINGS.map((ending) => resolve(folder, each + ending)));
    return paths.find(isFile) ?? [];
  });
}

const isFile = (path: string) => existsSync(path) && statSync(path).isFile();
