import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import * as v from 'valibot';
import type { Table } from '../config-file/table.ts';

/** A file that the package brings along for operators, such as `portal.toml`. */
export const readTemplate = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../templates', name), 'utf8');

const manifest = v.object({
  version: v.string(),
  peerDependencies: v.object({ hono: v.string(), wrangler: v.string() }),
});

/** This package's package.json. */
export const readOwnManifest = () =>
  v.parse(
    v.pipe(v.string(), v.parseJson(), manifest),
    readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
  );

/** A table of the template, with the comments above it. */
export type Block = { name: string; text: string; content: Table };

/** The tables of a TOML file, in their order. What stands above the first one is left out. */
export function blocksIn(text: string): Block[] {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, at) => (line.startsWith('[') ? [startOf(lines, at)] : []));
  return starts.map((start, index) => {
    const block = lines
      .slice(start, starts[index + 1])
      .join('\n')
      .trim();
    const content = parse(block);
    return { name: Object.keys(content)[0] ?? '', text: block, content };
  });
}

/** The first of the comments right above a table. */
function startOf(lines: readonly string[], header: number): number {
  let start = header;
  while (lines[start - 1]?.startsWith('#')) start -= 1;
  return start;
}
