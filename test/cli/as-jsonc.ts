import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type TomlTable } from 'smol-toml';
import { expect } from 'vitest';
import type { Production } from './production.ts';

export const NOTE = '  // Ours: keep it.\n';

/** Puts the same settings into wrangler.jsonc, with a comment. */
export function moveToJsonc(
  workplace: Production,
  change: (config: TomlTable) => void = () => {},
): void {
  const config = parse(workplace.read('wrangler.toml'));
  change(config);
  rmSync(join(workplace.directory, 'wrangler.toml'));
  const text = JSON.stringify(config, undefined, 2).replace('{\n', `{\n${NOTE}`);
  workplace.write('wrangler.jsonc', text);
}

/** What a command prints, which never names a file or a table that is not there. */
export async function runInJsonc(workplace: Production, ...given: Parameters<Production['run']>) {
  const done = await workplace.run(...given);
  expect(done.output).not.toMatch(/wrangler\.toml|\[(?:vars|secrets|triggers|env\.)|\[\[/);
  return done;
}
