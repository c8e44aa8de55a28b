import { execFile } from 'node:child_process';
import { cp, glob, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build as bundle } from 'rolldown';
import { workerModules } from '../../.ci/worker/modules.ts';

export type Handler = {
  fetch: (request: Request, env: unknown, context: unknown) => Response | Promise<Response>;
  scheduled?: (controller: { scheduledTime: number }, env: unknown) => Promise<void>;
};

/**
 * Our Worker and what it is compared with: one file each, as Wrangler makes it, but for the floor
 * with our packages, which is built as ours.
 */
export const SOURCES = {
  worker: 'src/index.ts',
  floor: 'test/bench/floor.ts',
  'floor-with-client': 'test/bench/floor-with-client.ts',
  'floor-with-packages': 'test/bench/floor-with-packages.ts',
  usual: 'test/bench/usual.ts',
  bare: 'test/bench/bare.ts',
};
export type Name = keyof typeof SOURCES;

/** The modules of ours that are there before the first `import()`. A test sees that these are all. */
export const STARTING = ['index.js', 'redirect.js', 'rolldown-runtime.js'];

const folder = (name: Name) => `.wrangler/bench/${name}`;
const inModules = new Set<Name>(['worker', 'floor-with-packages']);
const entryOf = (name: Name) => (inModules.has(name) ? 'index.js' : `${name}.js`);

export const bundlePath = (name: Name) => `${folder(name)}/${entryOf(name)}`;

/** Builds one of them as a deploy does, in a folder that no deploy writes to. */
export async function build(name: Name): Promise<void> {
  if (inModules.has(name)) {
    await bundle({ ...workerModules(folder(name)), input: { index: SOURCES[name] } });
  } else await dryRun(name, '--outdir', resolve(folder(name)));
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

/** How many bytes there are, as they are and as they are uploaded: of all modules, or of these. */
export async function sizeOf(
  name: Name,
  modules?: string[],
): Promise<{ bytes: number; gzipped: number }> {
  const names = modules ?? (await Array.fromAsync(glob('*.js', { cwd: folder(name) })));
  const texts = names.map(async (each) => readFile(`${folder(name)}/${each}`));
  const all = Buffer.concat(await Promise.all(texts));
  return { bytes: all.length, gzipped: gzipSync(all).length };
}

/** A fresh instance, whose keys and clients nobody shares: Node keeps modules by their path. */
export async function load(name: Name, instance: string): Promise<Handler> {
  const copy = `${folder(name)}-${instance}`;
  await cp(folder(name), copy, { recursive: true });
  const address = pathToFileURL(`${copy}/${entryOf(name)}`).href;
  const module: { default: Handler } = await import(address);
  return module.default;
}
