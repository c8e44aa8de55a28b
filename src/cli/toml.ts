import type { TomlTable, TomlValue } from 'smol-toml';

export function isTable(value: TomlValue | undefined): value is TomlTable {
  return Object.prototype.toString.call(value) === '[object Object]';
}
