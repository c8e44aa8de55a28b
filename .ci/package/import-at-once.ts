import type { Plugin } from 'rolldown';

const LATER = /(await )?\bimport\('(\.[^']+)'\)/g;

/**
 * Imports at the start what our modules import later. Operators bundle the package into one module,
 * where a later import saves no start: it would only keep whole what it brings along.
 */
export function importAtOnce(): Plugin {
  return {
    name: 'import-at-once',
    transform: {
      filter: { id: { exclude: /\/node_modules\// }, code: LATER },
      handler(code) {
        const imports: string[] = [];
        const changed = code.replaceAll(LATER, (_, awaited: string | undefined, path: string) => {
          const name = `$later${imports.length}`;
          imports.push(`import * as ${name} from '${path}';`);
          return awaited === undefined ? `Promise.resolve(${name})` : name;
        });
        return `${imports.join('')}${changed}`;
      },
    },
    generateBundle(_options, bundle) {
      const later = Object.values(bundle).flatMap((each) =>
        each.type === 'chunk' && each.isDynamicEntry ? each.name : [],
      );
      if (later.length > 0) throw new Error(`Imported later: ${later.join(', ')}`);
    },
  };
}
