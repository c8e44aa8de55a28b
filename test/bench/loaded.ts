// Prints the modules of the built Worker that a redirect loads, in a process that has loaded none.
import { realpathSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(realpathSync(process.argv[2] ?? ''));
const loaded: string[] = [];
registerHooks({
  load: (url, context, next) => {
    const path = url.startsWith('file:') ? fileURLToPath(url) : '';
    if (dirname(path) === folder) loaded.push(basename(path));
    return next(url, context);
  },
});
console.log = () => {};
await import('./first-request.ts');
process.stdout.write(JSON.stringify(loaded));
