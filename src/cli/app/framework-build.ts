import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { command } from '../../commands.ts';
import { buildDifferences } from './build-differences.ts';
import { tableIn } from '../config-file/read.ts';
import { stringIn, type Table } from '../config-file/table.ts';
import { readWorkerConfig } from '../config-file/worker.ts';
import { hasFrameworkBuild, REDIRECT } from './framework-output.ts';
import { OperatorProblem } from '../problem.ts';
import { wranglerTarget, type Target } from '../target.ts';

/** What a framework has left for wrangler to deploy. */
export type FrameworkBuild =
  | { kind: 'none' }
  | { kind: 'current' }
  /** It is not what the configuration says. `next` is a sentence about how to get there. */
  | { kind: 'unusable'; problem: string; next: string };

/**
 * Arguments that make wrangler deploy this Worker. Naming the configuration would make wrangler pass
 * over what a framework has built.
 *
 * @throws OperatorProblem if what was built is not what would be deployed
 */
export function deployTarget(target: Target): string[] {
  const build = frameworkBuild(target);
  if (build.kind === 'none') return wranglerTarget(target);
  if (build.kind === 'current') return ['--env', target.environment ?? ''];
  throw new OperatorProblem(`${build.problem} ${build.next} Nothing was deployed.`);
}

/**
 * Frameworks build on their own, such as with Cloudflare's plugin for Vite, and leave word that
 * wrangler has to deploy the result, with the settings of that time.
 * https://developers.cloudflare.com/workers/wrangler/configuration/#generated-wrangler-configuration
 */
export function frameworkBuild(target: Target): FrameworkBuild {
  const { directory, configFile, environment = '' } = target;
  if (!hasFrameworkBuild(directory)) return { kind: 'none' };
  const path = join(directory, REDIRECT);
  const unusable = (problem: string, otherwise = ''): FrameworkBuild => ({
    kind: 'unusable',
    problem,
    next: buildAndDeploy(environment, otherwise),
  });
  const orDelete = `, or delete ${REDIRECT} if no framework builds it`;
  const configPath = stringIn(readIfPossible(path) ?? {}, 'configPath');
  if (configPath === undefined) {
    return unusable(`${REDIRECT} does not say which build Wrangler has to deploy.`, orDelete);
  }
  const output = resolve(dirname(path), configPath);
  const shown = relative(directory, output) || '.';
  const built = isFile(output) ? readIfPossible(output) : undefined;
  if (!built) {
    const what = isFile(output) ? 'cannot be read' : 'is not there';
    return unusable(`${REDIRECT} makes Wrangler deploy ${shown}, which ${what}.`, orDelete);
  }
  const of = stringIn(built, 'targetEnvironment') ?? '';
  const differences =
    of === environment
      ? buildDifferences(readWorkerConfig(directory, target.environment), built)
      : [of === '' ? 'its environment: it is of the top level' : `its environment: it is of ${of}`];
  if (differences.length === 0) return { kind: 'current' };
  return unusable(
    `Your framework's build differs from ${configFile} in ${differences.join(', ')}, and ${REDIRECT} makes Wrangler deploy that build.`,
  );
}

/** A sentence: how to build the app with today's settings, and deploy it. */
export function buildAndDeploy(environment = '', otherwise = ''): string {
  const how = environment === '' ? '' : `, with CLOUDFLARE_ENV=${environment}`;
  const deploy = command('deploy', environment && `--env ${environment}`);
  return `Build your app once more${how}, such as by \`npm run build\`${otherwise}, then run \`${deploy}\`.`;
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

function readIfPossible(path: string): Table | undefined {
  try {
    return tableIn(basename(path), readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof OperatorProblem) return undefined;
    throw error;
  }
}
