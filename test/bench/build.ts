import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

export type Handler = {
  fetch: (request: Request, env: unknown, context: unknown) => Response | Promise<Response>;
  scheduled?: (controller: { scheduledTime: number }, env: unknown) => Promise<void>;
};
type Meta = { outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }> };

/** What `wrangler deploy` would upload, for our Worker and for those it is compared with. */
export const SOURCES = {
  worker: 'src/index.ts',
  floor: 'test/bench/floor.ts',
  'floor-with-client': 'test/bench/floor-with-client.ts',
  usual: 'test/bench/usual.ts',
  bare: 'test/bench/bare.ts',
};
export type Name = keyof typeof SOURCES;

const folder = (name: Name) => `.wrangler/bench/${name}`;

export const bundlePath = (name: Name) =>
  `${folder(name)}/${name === 'worker' ? 'index' : name}.js`;

/** Builds one of them as a deploy does. */
export async function build(name: Name): Promise<void> {
  await dryRun(name, '--metafile', '--outdir', resolve(folder(name)));
}

/** A deploy that stops before the upload. */
export async function dryRun(name: Name, ...options: string[]): Promise<void> {
  const wrangler = 'node_modules/wrangler/bin/wrangler.js';
  // Its paths hold from its own folder, unless a script is named.
  const what =
    name === 'worker'
      ? ['--config', 'test/as-it-comes/wrangler.toml']
      : [SOURCES[name], '--config', 'test/bench/plain.toml'];
  const parameters = ['deploy', ...what, '--dry-run', ...options];
  await promisify(execFile)(process.execPath, [wrangler, ...parameters]);
}

/** How many bytes a bundle has, as they are and as they are uploaded. */
export async function sizeOf(name: Name): Promise<{ bytes: number; gzipped: number }> {
  const bundle = await readFile(bundlePath(name));
  return { bytes: bundle.length, gzipped: gzipSync(bundle).length };
}

/** A fresh instance of a bundle, whose keys and clients nobody shares. */
export async function load(name: Name, instance: string): Promise<Handler> {
  const address = `${pathToFileURL(bundlePath(name)).href}?${instance}`;
  const module: { default: Handler } = await import(address);
  return module.default;
}

/** The files that a bundle is made of. */
export async function filesOf(name: Name): Promise<string[]> {
  return [...(await inputsOf(name)).keys()];
}

/** Which packages and folders the bytes of a bundle come from, the largest first. */
export async function partsOf(name: Name): Promise<{ part: string; bytes: number }[]> {
  const parts = new Map<string, number>();
  for (const [path, bytes] of await inputsOf(name)) {
    const part = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? folderOf(path);
    parts.set(part, (parts.get(part) ?? 0) + bytes);
  }
  return [...parts]
    .map(([part, bytes]) => ({ part, bytes }))
    .toSorted((one, other) => other.bytes - one.bytes);
}

async function inputsOf(name: Name): Promise<Map<string, number>> {
  const meta: Meta = JSON.parse(await readFile(`${folder(name)}/bundle-meta.json`, 'utf8'));
  const inputs = Object.values(meta.outputs).flatMap((output) => Object.entries(output.inputs));
  return new Map(inputs.map(([path, { bytesInOutput }]) => [path, bytesInOutput]));
}

function folderOf(path: string): string {
  return /src\/(?:pages\/languages|[^/]+(?=\/))/.exec(path)?.[0] ?? 'src';
}
