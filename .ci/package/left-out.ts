import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'smol-toml';
import type { Plugin } from 'rolldown';
import { isTable } from '../../src/cli/config-file/table.ts';

/**
 * Leaves out of the package's Worker what `[alias]` in wrangler.toml leaves out of ours. An
 * operator's wrangler.toml need not have that list, which belongs to one version of the code.
 */
export function leaveOut(): Plugin {
  const { alias } = parse(readFileSync('wrangler.toml', 'utf8'));
  const replacements = new Map(Object.entries(isTable(alias) ? alias : {}));
  return {
    name: 'left-out',
    resolveId(name) {
      const replacement = replacements.get(name);
      return typeof replacement === 'string' ? resolve(replacement) : null;
    },
  };
}
