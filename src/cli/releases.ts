import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPackage, page } from '../commands.ts';
import { VERSION } from '../version.ts';
import type { Shell } from './shell.ts';
import type { Target } from './target.ts';
import { isNewer } from './version-range.ts';
import { healthIn, visitHealth } from './worker.ts';

const NOTES = '.github/RELEASES.md';

/** Says what a deploy changes: the releases after the one that is deployed, in short. */
export async function announceReleases(
  { fetch, print }: Shell,
  { variables }: Target,
): Promise<void> {
  const address = URL.parse(variables['PUBLIC_ORIGIN'] ?? '');
  const visited = address && (await visitHealth(address, fetch));
  const health = visited?.kind === 'answered' ? await healthIn(visited.response) : undefined;
  if (health === undefined || health.version === VERSION) return;
  const { version = 'An older release' } = health;
  print(`${version} is deployed, and this is ${VERSION}. What changes: ${page(NOTES)}\n`);
  for (const { name, headings } of releasesAfter(health.version, readNotes())) {
    print(`${name}\n${headings.map((heading) => `  ${heading}\n`).join('')}`);
  }
}

/** The package has them beside its commands. */
function readNotes(): string {
  const path = isPackage ? '../RELEASES.md' : `../../${NOTES}`;
  return readFileSync(join(import.meta.dirname, path), 'utf8');
}

type Release = { name: string; headings: string[] };

/**
 * The releases after this one, the newest first, each with the headings of its notes.
 *
 * @param version  undefined for one before 0.2.0, which does not say which it is
 */
export function releasesAfter(version: string | undefined, notes: string): Release[] {
  const releases = notes.split(/^## /m).slice(1);
  return releases
    .map((text) => ({
      name: text.split('\n')[0]?.trim() ?? '',
      headings: [...text.matchAll(/^### (.*)$/gm)].map(([, heading = '']) => heading),
    }))
    .filter(({ name }) => /^\d+\.\d+\.\d+(?:-[\w.-]+)?$/.test(name))
    .filter(({ name }) => version === undefined || isNewer(name, version));
}
