import type { TomlTable, TomlValue } from 'smol-toml';

/** The settings of the Worker. */
export const CONFIG_FILE = 'wrangler.toml';

export function isTable(value: TomlValue | undefined): value is TomlTable {
  return Object.prototype.toString.call(value) === '[object Object]';
}
