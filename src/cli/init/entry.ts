import { newFile, readIfThere, type Change } from './change.ts';

const TEXT = `// The Worker is portal-link's. Its settings are in wrangler.toml, its portals in portal.toml.
export { default } from 'portal-link';
`;

/** The module that the Worker begins with. */
export type Entry =
  /** It exports portal-link, or will. */
  | { kind: 'ours'; changes: Change[] }
  /** It is a Worker of the operator's own. */
  | { kind: 'foreign' };

export function planEntry(folder: string, main: string): Entry {
  const text = readIfThere(folder, main);
  if (text === undefined) return { kind: 'ours', changes: newFile(folder, main, TEXT) };
  const isOurs = /\bexport\s*\{[^}]*\bdefault\b[^}]*\}\s*from\s*['"]portal-link['"]/.test(text);
  return isOurs ? { kind: 'ours', changes: [] } : { kind: 'foreign' };
}
