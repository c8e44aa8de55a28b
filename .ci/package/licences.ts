import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Plugin } from 'rolldown';

const PACKAGE = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/;

/** Writes LICENCES.txt: the licences of the packages whose code is in what was built. */
export function licences(): Plugin {
  return {
    name: 'licences',
    generateBundle(_options, bundle) {
      const files = Object.values(bundle).flatMap((each) =>
        each.type === 'chunk' ? each.moduleIds : [],
      );
      const folders = new Set(files.flatMap((path) => PACKAGE.exec(path)?.[0] ?? []));
      const texts = [...folders].toSorted().map(licenceIn);
      this.emitFile({ type: 'asset', fileName: 'LICENCES.txt', source: texts.join('\n\n') });
    },
  };
}

function licenceIn(folder: string): string {
  const name = PACKAGE.exec(folder)?.[1] ?? basename(folder);
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const path = file === undefined ? textOf(folder) : `${folder}/${file}`;
  return `== ${name}\n\n${readFileSync(path, 'utf8').trim()}\n`;
}

// Drizzle's package names its licence only, and TypeScript's has the text.
const TEXTS: Readonly<Record<string, string>> = {
  'Apache-2.0': 'node_modules/typescript/LICENSE',
};

function textOf(folder: string): string {
  const manifest: { license?: string } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const path = TEXTS[manifest.license ?? ''];
  if (path === undefined) throw new Error(`${folder} has no licence text.`);
  return path;
}
