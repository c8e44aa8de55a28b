import { SourceMap } from 'node:module';
import { posix, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type OutputChunk } from 'rolldown';
import { workerModules } from '../.ci/worker/modules.ts';

const FOLDER = '.wrangler/worker';
// What has no source is what joins the modules: `import`, `export`, helpers.
const JOINTS = 'src';

export type Module = {
  name: string;
  code: string;
  /** The files that it is made of, by their paths from here, and how many of its bytes are theirs. */
  files: Map<string, number>;
  /** The modules, and parts of the runtime, without which it does not run. */
  imports: string[];
  /** Those that it may import later. */
  dynamicImports: string[];
  isEntry: boolean;
};

/** The modules of the Worker, as a deploy uploads them. Nothing is written. */
export async function buildModules(): Promise<Module[]> {
  const { output } = await build({ ...workerModules(FOLDER), write: false });
  return output.flatMap((each) => (each.type === 'chunk' ? moduleOf(each) : []));
}

function moduleOf({ fileName, map, modules, ...chunk }: OutputChunk): Module {
  const { code, imports, dynamicImports, isEntry } = chunk;
  const payload = map ?? { version: 3, file: '', sources: [], names: [], mappings: '' };
  const sourceMap = new SourceMap({ ...payload, sourcesContent: [], sourceRoot: '' });
  // Data has no mappings.
  const data = Object.keys(modules).find((id) => id.endsWith('.json'));
  const files = countBytes(code, sourceMap, data === undefined ? JOINTS : relative('', data));
  return { name: fileName, code, files, imports, dynamicImports, isEntry };
}

/** Minified, which rolldown itself does not tell: by the source map. */
function countBytes(code: string, map: SourceMap, unmapped: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [row, line] of code.split('\n').entries()) {
    let column = 0;
    for (const letter of `${line}\n`) {
      const entry = map.findEntry(row, column);
      const source = 'originalSource' in entry ? entry.originalSource : undefined;
      const file = source === undefined ? unmapped : posix.join(FOLDER, source);
      counts.set(file, (counts.get(file) ?? 0) + Buffer.byteLength(letter));
      column += letter.length;
    }
  }
  return counts;
}

/** Those that run before the first `import()`: the entry, and what it needs. */
export function startingOf(modules: Module[]): Module[] {
  const found = new Set(modules.filter(({ isEntry }) => isEntry));
  for (const { imports } of found) {
    for (const module of modules) if (imports.includes(module.name)) found.add(module);
  }
  return [...found];
}

/** As Wrangler counts an upload. */
export const gzippedBytes = (modules: Module[]): number =>
  gzipSync(modules.map(({ code }) => code).join('')).length;

/** Which packages and folders their bytes come from. */
export function partsOf(modules: Module[]): Record<string, number> {
  const parts: Record<string, number> = {};
  for (const [path, bytes] of modules.flatMap(({ files }) => [...files])) {
    const part = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? folderOf(path);
    parts[part] = (parts[part] ?? 0) + bytes;
  }
  return parts;
}

function folderOf(path: string): string {
  return /src\/(?:pages\/languages|[^/]+(?=\/))/.exec(path)?.[0] ?? 'src';
}
