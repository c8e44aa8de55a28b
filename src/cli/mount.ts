import { readFileSync, statSync } from 'node:fs';
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
  const modules = new Set(main === undefined ? [] : [resolve(main)]);
  // The set grows while it is walked.
  for (const name of modules) {
    const path = fileOf(name);
    if (path === undefined) continue;
    const code = readFileSync(path, 'utf8');
    if (code.includes('portalLink') && MOUNTS.test(code)) return true;
    const folder = dirname(path);
    for (const [, own = ''] of code.matchAll(OWN_MODULE)) modules.add(resolve(folder, own));
  }
  return false;
}

/** The file of a module. TypeScript may be imported by the name that it is compiled to. */
function fileOf(name: string): string | undefined {
  if (isFile(name)) return name;
  const names = [name, name.replace(/\.(m?)js(x?)$/, '.$1ts$2')];
  return names.flatMap((each) => ENDINGS.map((ending) => each + ending)).find(isFile);
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
