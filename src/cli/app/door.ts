import { readFileSync, realpathSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { isPackage } from '../../commands.ts';
import { exportsOurs } from './default-export.ts';
import { hasFrameworkBuild } from './framework-output.ts';
import { fileOf, modulesFrom, modulesIn } from './modules.ts';
import { OperatorProblem } from '../problem.ts';

/** By which door visitors get to portal-link. */
export type Door =
  /** The Worker is portal-link. */
  | 'own'
  /** An app has it mounted: the app's own code says who asks, and no setting has to. */
  | 'mount'
  /** An app of the operator's uses it in another way. */
  | 'beside'
  /** A tool makes the Worker, or a part of it, of modules that nobody can name. */
  | 'unseen'
  /** None: nothing of the Worker imports it. */
  | 'none';

const CLAUSE = /\b(?:import|export)\s+([^'";=]*?)\s*from\s*['"]portal-link['"]/g;
const DYNAMIC = /\b(?:import|require)\s*\(\s*['"]portal-link['"]/;
const CALL = /(?<!\bfunction\s+)\bportalLink\s*[<(]/;
const COMMENT = /^\s*(?:\/\/|\/\*|\*).*$|(?<![:'"])\/\/.*$/gm;
const BUILD = /^(?:\.\/)?(?:build|dist|out|\.[\w-]+)\//;
const INSTALLED = /(?:^|[\\/])node_modules[\\/]portal-link[\\/]/;
const OWN_SOURCE = join(import.meta.dirname, '../..');
// What .ci/worker/build.ts makes of a clone, before each deploy, and what it makes it of.
const CLONE = { built: '.wrangler/worker/index.js', source: 'src/index.ts' };

/** What the configuration says of the Worker's code. */
export type WorkerCode = {
  main?: string | undefined;
  build?: { command?: string | undefined } | undefined;
  no_bundle?: boolean | undefined;
};

/**
 * Reads the modules of a Worker, from the one that it begins with.
 *
 * @throws OperatorProblem if package.json says it in words that nobody can read, or if nothing builds
 *   a clone's Worker
 */
export function doorOf(directory: string, worker: WorkerCode): Door {
  const { main, build } = worker;
  refuseUnbuilt(directory, worker);
  const said = saidIn(directory);
  if (said !== undefined) return said ? 'mount' : 'own';
  const named = sourceOf(directory, main);
  if (named !== undefined && INSTALLED.test(named)) return 'own';
  const isMade = named === undefined ? hasFrameworkBuild(directory) : isBuilt(named);
  const begin = named === undefined ? [] : [resolve(directory, named)];
  const first = begin.map(fileOf)[0];
  let isUsed = false;
  let isOpen = isMade || Boolean(build?.command);
  for (const { path, code, isIncomplete } of modulesFrom(
    isMade ? modulesIn(join(directory, 'src')) : begin,
    isOwnSource,
  )) {
    if (mounts(code)) return 'mount';
    if (path === first && (isOwnEntry(path) || exportsOurs(code))) return 'own';
    isUsed ||= isOwnSource(path) || uses(code);
    // A build may have given everything other names.
    isOpen ||= isIncomplete || BUILD.test(relative(realpathSync(directory), path));
  }
  if (isUsed) return 'beside';
  // A file that is not there is for wrangler to name.
  return isOpen || (main !== undefined && first === undefined) ? 'unseen' : 'none';
}

/** The module that the Worker begins with, from this folder: in a clone, what its build begins with. */
export function sourceOf(directory: string, main: string | undefined): string | undefined {
  if (main === undefined) return undefined;
  const named = relative(directory, resolve(directory, main));
  return isOfClone(named) ? CLONE.source : named;
}

const withSlashes = (path: string) => path.replaceAll('\\', '/');
const isOfClone = (named: string) => !isPackage && withSlashes(named) === CLONE.built;

/** Half of a clone's lines: what a former build has left would be deployed, or the source as it is. */
function refuseUnbuilt(directory: string, { main, build, no_bundle: isAsIs }: WorkerCode): void {
  if (main === undefined || isPackage) return;
  const named = withSlashes(relative(directory, resolve(directory, main)));
  if (named === CLONE.source && isAsIs) {
    throw new OperatorProblem(
      `main is ${CLONE.source}, and no_bundle uploads it as it is. Set main to ${CLONE.built}, as in the repository's, or remove no_bundle.`,
    );
  }
  if (named !== CLONE.built || build?.command) return;
  throw new OperatorProblem(
    `main is ${CLONE.built}, and the Wrangler configuration does not say what builds it. Add \`build\` as it is in the repository's, or set main to ${CLONE.source} and remove no_bundle.`,
  );
}

/** Whether a framework makes the module that the Worker begins with, or brings it along. */
export const isBuilt = (main: string): boolean => !/\.[cm]?[jt]sx?$/.test(main) || BUILD.test(main);

const isOwnSource = (path: string) => !isPackage && path.startsWith(OWN_SOURCE + sep);
const isOwnEntry = (path: string) => !isPackage && path === join(OWN_SOURCE, 'index.ts');

function mounts(text: string): boolean {
  if (!text.includes('portalLink')) return false;
  const code = text.replaceAll(COMMENT, '');
  return CALL.test(code) || clausesOf(code).some((each) => /\bportalLink\b/.test(each));
}

function uses(text: string): boolean {
  if (!text.includes('portal-link')) return false;
  const code = text.replaceAll(COMMENT, '');
  return DYNAMIC.test(code) || clausesOf(code).length > 0;
}

/** What the imports of a module name of portal-link, without its types. */
const clausesOf = (code: string): string[] =>
  [...code.matchAll(CLAUSE)]
    .map(([, clause = '']) => clause.replaceAll(/\btype\s+(?:\{[^}]*\}|\w+(?:\s+as\s+\w+)?)/g, ''))
    .filter((clause) => /[\w*]/.test(clause));

/** What the operator says in package.json, for code in which a mount cannot be found. */
function saidIn(directory: string): boolean | undefined {
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
  const said = entryOf(entryOf(manifest, 'portal-link'), 'mount');
  if (said === undefined || typeof said === 'boolean') return said;
  throw new OperatorProblem(
    'package.json: "mount" in "portal-link" is true for an app that has portal-link mounted, and false for portal-link itself.',
  );
}

const entryOf = (given: unknown, name: string): unknown =>
  typeof given === 'object' && given !== null
    ? Object.entries(given).find(([key]) => key === name)?.[1]
    : undefined;
