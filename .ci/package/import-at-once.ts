import type { Plugin } from 'rolldown';

// What only the Workers runtime has is no part of a bundle.
const MODULE = String.raw`await import\('((?!cloudflare:)[^']+)'\)`;
const NAMED = new RegExp(String.raw`const (\{[\w\s,]+\}) = ${MODULE};`, 'g');
const WHOLE = new RegExp(MODULE.replace('await ', '(await )?'), 'g');

/**
 * Imports at the start what our modules import later. Operators bundle the package into one module,
 * where a later import saves no start: it would only keep whole what it brings along.
 */
export function importAtOnce(): Plugin {
  return {
    name: 'import-at-once',
    transform: {
      filter: { id: { exclude: /\/node_modules\// }, code: WHOLE },
      handler(code) {
        const imports: string[] = [];
        const changed = code
          .replaceAll(NAMED, (_, names: string, path: string) => {
            imports.push(`import ${names} from '${path}';`);
            return '';
          })
          .replaceAll(WHOLE, (_, awaited: string | undefined, path: string) => {
            const name = `$later${imports.length}`;
            imports.push(`import * as ${name} from '${path}';`);
            return awaited === undefined ? `Promise.resolve(${name})` : name;
          });
        return `${imports.join('')}${changed}`;
      },
    },
    generateBundle(_options, bundle) {
      const later = Object.values(bundle)
        .flatMap((each) => (each.type === 'chunk' ? each.dynamicImports : []))
        .filter((name) => !name.startsWith('cloudflare:'));
      if (later.length > 0) throw new Error(`Imported later: ${later.join(', ')}`);
    },
  };
}
