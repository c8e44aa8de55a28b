import { chmodSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, inject } from 'vitest';
import { openFolder, type Folder } from './operator.ts';

/** Of the test that runs. */
export let folder: Folder;

/** Begins each test in an empty folder, with an npm that notes what it is called with. */
export function useFolder(): void {
  beforeEach(() => {
    folder = openFolder();
    mkdirSync(folder.path('.programs'));
    install('echo "$@" > .called');
  });
  afterEach(() => folder.close());
}

/** What `npm install` does. */
export function install(script: string): void {
  folder.write('.programs/npm', `#!/bin/sh\n${script}\n`);
  chmodSync(folder.path('.programs/npm'), 0o755);
}

export function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(folder.path(name)), { recursive: true });
    folder.write(name, text);
  }
}

export const APP = "import { Hono } from 'hono';\n\nexport default new Hono();\n";
export const SETTINGS = 'name = "shop"\nmain = "src/app.ts"\ncompatibility_date = "2026-01-01"\n';

/** Writes the files of a Worker that is the operator's own. */
export const host = (files: Record<string, string>) => write({ 'src/app.ts': APP, ...files });

export const init = async (...options: string[]) => {
  const bin = join(inject('packed').folder, 'dist/commands/bin.js');
  return folder.run([process.execPath, bin, 'init', ...options].join(' '), {
    PATH: `${folder.path('.programs')}:/usr/bin:/bin`,
  });
};
