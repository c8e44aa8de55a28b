import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { VERSION } from '../../src/version.ts';
import { serveRegistry } from './registry.ts';
import { succeed } from './run.ts';

/** A tarball, and the folder with what is in it, beside the packages that it needs, as npx has it. */
export type Release = { version: string; file: string; folder: string };

declare module 'vitest' {
  interface ProvidedContext {
    /** What `npm pack` makes of this repository. */
    packed: Release;
    /** An imagined release after it. */
    next: Release;
    /** A folder in which `init` has installed the first, and what it has printed. */
    installed: { directory: string; printed: string };
  }
}

const REPOSITORY = resolve(import.meta.dirname, '../..');
export const NEXT_MIGRATION = '9999_next.sql';

export default async function pack(project: TestProject) {
  const temporary = mkdtempSync(join(tmpdir(), 'portal-link-package-'));
  const file = join(temporary, `portal-link-${VERSION}.tgz`);
  // .ci/run packs once, for all that install it.
  const { PACKED } = process.env;
  if (PACKED !== undefined) copyFileSync(PACKED, file);
  else await succeed(REPOSITORY, 'npm', ['pack', '--pack-destination', temporary]);
  await succeed(temporary, 'tar', ['-xzf', file]);
  symlinkSync(join(REPOSITORY, 'node_modules'), join(temporary, 'node_modules'));
  const folder = join(temporary, 'package');
  const packed = { version: VERSION, file, folder };
  project.provide('packed', packed);
  project.provide('next', await packNext(temporary));
  project.provide('installed', await install(packed, join(temporary, 'installed')));
  return () => rmSync(temporary, { recursive: true, force: true });
}

/** As `npx portal-link init` in an empty folder. */
async function install(packed: Release, directory: string) {
  const registry = await serveRegistry();
  registry.publish(packed);
  mkdirSync(directory);
  const args = [join(packed.folder, 'dist/commands/bin.js'), 'init', '--yes'];
  const printed = await succeed(directory, process.execPath, args, registry.environment);
  registry.close();
  return { directory, printed };
}

/** The same sources as the next release, which expands a table. */
async function packNext(temporary: string): Promise<Release> {
  const [major, minor] = VERSION.split('.').map(Number);
  const version = `${major}.${minor! + 1}.0`;
  const folder = join(temporary, 'next');
  cpSync(join(temporary, 'package'), folder, { recursive: true });
  const edit = (name: string, from: string, to: string) => {
    const before = readFileSync(join(folder, name), 'utf8');
    if (!before.includes(from)) throw new Error(`${name} has no ${from}.`);
    writeFileSync(join(folder, name), before.replaceAll(from, to));
  };
  edit('package.json', `"version": "${VERSION}"`, `"version": "${version}"`);
  const code = await succeed(folder, 'grep', ['-rl', '--include=*.js', `"${VERSION}"`, 'dist']);
  for (const name of code.trim().split('\n')) edit(name, `"${VERSION}"`, `"${version}"`);
  edit(
    'dist/RELEASES.md',
    `## ${VERSION}\n`,
    `## ${version}\n\n### A column that nobody reads yet\n\n## ${VERSION}\n`,
  );
  writeFileSync(
    join(folder, 'migrations', NEXT_MIGRATION),
    'alter table customers add column next_release text;\n',
  );
  await succeed(folder, 'npm', ['pack', '--ignore-scripts', '--pack-destination', temporary]);
  return { version, file: join(temporary, `portal-link-${version}.tgz`), folder };
}
