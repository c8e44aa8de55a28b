import { exportsOurs } from '../app/default-export.ts';
import { isBuilt } from '../app/door.ts';
import { newFile, readIfThere, type Change } from './change.ts';

const textFor = (
  configFile: string,
) => `// The Worker is portal-link's. Its settings are in ${configFile}, its portals in portal.toml.
export { default } from 'portal-link';
`;

/** The module that the Worker begins with. */
export type Entry =
  /** It exports portal-link, or will. */
  | { kind: 'ours'; changes: Change[] }
  /** It is a Worker of the operator's own. */
  | { kind: 'foreign' };

/** @param configFile  the name of the file with the Worker's settings */
export function planEntry(folder: string, main: string, configFile: string): Entry {
  const text = readIfThere(folder, main);
  if (text === undefined && isBuilt(main)) return { kind: 'foreign' };
  if (text === undefined)
    return { kind: 'ours', changes: newFile(folder, main, textFor(configFile)) };
  return exportsOurs(text) ? { kind: 'ours', changes: [] } : { kind: 'foreign' };
}
