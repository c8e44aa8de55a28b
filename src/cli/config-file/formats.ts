import type { Format } from './format.ts';
import { json, jsonc } from './jsonc.ts';
import { toml } from './toml.ts';

/** The format of a configuration, by the name of its file. */
export function formatOf(file: string): Format {
  if (file.endsWith('.toml')) return toml;
  return file.endsWith('.json') ? json : jsonc;
}
