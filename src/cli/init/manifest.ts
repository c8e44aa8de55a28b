import * as v from 'valibot';
import { OperatorProblem } from '../problem.ts';
import { reaches } from '../version-range.ts';
import { readIfThere, type Change } from './change.ts';
import { readOwnManifest } from './template.ts';

const FILE = 'package.json';
const packages = v.optional(v.record(v.string(), v.string()), {});
const manifest = v.pipe(
  v.unknown(),
  // To the schema of an object, a list is one, too.
  v.check((given) => !Array.isArray(given)),
  v.looseObject({ dependencies: packages, devDependencies: packages }),
);

/** Adds portal-link, and what it needs beside it, to package.json. */
export function planManifest(folder: string): Change[] {
  const before = readIfThere(folder, FILE);
  const given = before === undefined ? { private: true, type: 'module' } : parsed(before);
  const there = v.parse(manifest, given);
  const isThere = (name: string) => name in there.dependencies || name in there.devDependencies;
  const added = (wanted: Record<string, string>, to: Record<string, string>) => {
    const missing = Object.entries(wanted).filter(([name]) => !isThere(name));
    const all = [...Object.entries(to), ...missing];
    return missing.length === 0 ? undefined : Object.fromEntries(all.toSorted(byName));
  };
  const { version, peerDependencies } = readOwnManifest();
  const { hono, wrangler } = peerDependencies;
  refuseTooOld({ ...there.devDependencies, ...there.dependencies }, peerDependencies);
  const dependencies = added({ hono, 'portal-link': rangeOf(version) }, there.dependencies);
  const devDependencies = added({ wrangler }, there.devDependencies);
  if (!dependencies && !devDependencies) return [];
  const after = {
    ...given,
    ...(dependencies && { dependencies }),
    ...(devDependencies && { devDependencies }),
  };
  const indent = /^\{\r?\n([ \t]+)/.exec(before ?? '')?.[1] ?? '  ';
  return [{ file: FILE, before, after: `${JSON.stringify(after, undefined, indent)}\n` }];
}

/** npm would refuse these, after the files are written. */
function refuseTooOld(
  given: Record<string, string>,
  wanted: ReturnType<typeof readOwnManifest>['peerDependencies'],
): void {
  for (const [name, needed] of Object.entries(wanted)) {
    const range = given[name];
    if (range === undefined || reaches(range, needed.replace('^', ''))) continue;
    throw new OperatorProblem(
      `${FILE} has ${name} ${range}, and portal-link needs ${needed}. Change that first. Nothing was written.`,
    );
  }
}

/** Every release below the next major one, so that `npm update` finds them. */
const rangeOf = (version: string) => (version.startsWith('0.') ? '0.x' : `^${version}`);

const byName = ([one]: [string, string], [other]: [string, string]) => (one < other ? -1 : 1);

function parsed(text: string): object {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), manifest), text);
  if (!result.success) throw new OperatorProblem(`${FILE} cannot be read: correct its JSON first.`);
  // As it stands in the file: the schema would add empty lists.
  const given: object = JSON.parse(text);
  return given;
}
