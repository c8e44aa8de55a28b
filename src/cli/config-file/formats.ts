import type { Format } from './format.ts';
import { jsonc } from './jsonc.ts';
import { toml } from './toml.ts';

/** The format of a configuration, by the name of its file. */
export const formatOf = (file: string): Format => (file.endsWith('.toml') ? toml : jsonc);
