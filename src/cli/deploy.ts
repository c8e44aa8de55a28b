import { isLoopback } from '../config/secure-url.ts';
import { refuseAbsent } from './absent.ts';
import { lookAtWorker } from './cloudflare/workers.ts';
import { createDatabase, hasDatabase } from './d1/create.ts';
import { databaseNameOf } from './d1/open.ts';
import { refuseForeignTables } from './d1/foreign-tables.ts';
import { refuseForeignDatabase } from './d1/own-migrations.ts';
import { deployTarget } from './app/framework-build.ts';
import { originNeeds } from './origin-needs.ts';
import { refuseToSkipProduction } from './production.ts';
import { OperatorProblem } from './problem.ts';
import { announceReleases } from './releases.ts';
import { problemsOf } from './settings.ts';
import type { Shell } from './shell.ts';
import { unusableSettings } from './unusable.ts';
import { databaseTarget, setupCommand, type Target } from './target.ts';

/**
 * Creates the database, applies its migrations, deploys the Worker: new code never meets an old
 * table.
 *
 * @param rest  further arguments for `wrangler deploy`
 * @param isDry  only looks, and has wrangler build the Worker
 * @throws OperatorProblem after wrangler has shown what is wrong
 */
export async function deploy(
  shell: Shell,
  target: Target,
  rest: readonly string[],
  isDry: boolean,
): Promise<void> {
  refuseToSkipProduction(target);
  const which = deployTarget(target);
  await refuseUnusable(shell, target, bringsSecrets(rest));
  await announceReleases(shell, target);
  if (isDry) return show(shell, ['deploy', ...which, ...rest, '--dry-run']);
  await refuseForeignTables(shell, target);
  if (!(await hasDatabase(shell, target))) {
    await createDatabase(shell, target);
    shell.print(`Created the D1 database ${databaseNameOf(target)}.\n`);
  }
  await show(shell, migrate(target));
  await show(shell, ['deploy', ...which, ...rest]);
}

/**
 * The same for a Worker whose database is there, with wrangler's output on failure only.
 *
 * @throws OperatorProblem with what wrangler printed
 */
export async function deployQuietly(shell: Shell, target: Target): Promise<void> {
  const which = deployTarget(target);
  await refuseUnusable(shell, target);
  for (const args of [migrate(target), ['deploy', ...which]]) {
    const { status, stdout, stderr } = await shell.wrangler(args);
    if (status === 0) continue;
    shell.printError(`${stdout}${stderr}\n`);
    throw failed(args);
  }
}

const migrate = (target: Target) => ['d1', 'migrations', 'apply', 'DB', ...databaseTarget(target)];

/** With `--secrets-file`, wrangler stores secrets at the deploy, and nobody can say what it lacks. */
const bringsSecrets = (rest: readonly string[]) =>
  rest.some((each) => each.startsWith('--secrets-file'));

/** A Worker that would answer nobody, or could not sign or mail, is not uploaded. */
async function refuseUnusable(shell: Shell, target: Target, hasMoreSecrets = false): Promise<void> {
  refuseAbsent(target);
  refuseForeignDatabase(target);
  checkOrigin(target);
  const deployed = await lookAtWorker(shell, target);
  const stored = deployed.kind === 'seen' ? deployed.secrets : new Set<string>();
  refuseWithoutOrigin(target, stored);
  // Without a look at its secrets, nobody can say what it lacks: wrangler will.
  if (deployed.kind === 'unseen' || hasMoreSecrets) return;
  const problems = problemsOf({ target, stored }, () => true);
  if (problems.length === 0) return;
  const refusal = unusableSettings(
    problems,
    `Run ${setupCommand(target)}, which asks for them. Nothing was deployed.`,
  );
  if (!isFirstBuild(shell)) throw refusal;
  shell.print(`${refusal.message.replace(' Nothing was deployed.', '')}\n`);
}

/**
 * Workers Builds deploys what the button "Deploy to Cloudflare" has just copied: setup comes next.
 * https://developers.cloudflare.com/workers/ci-cd/builds/configuration/#default-variables
 */
const isFirstBuild = ({ environment }: Shell) => environment['WORKERS_CI'] === '1';

function refuseWithoutOrigin(target: Target, stored: ReadonlySet<string>): void {
  if (target.variables['PUBLIC_ORIGIN']) return;
  const needs = originNeeds(target, stored);
  if (needs.length === 0) return;
  throw new OperatorProblem(
    `PUBLIC_ORIGIN is not set, and this Worker has ${needs.join(' and ')}: without its origin it signs no links and sends no mails. ` +
      `Run ${setupCommand(target)}, which sets it, or set it in ${target.configFile} to the https origin that visitors see. Nothing was deployed.`,
  );
}

/** The Worker answers every request with 503 if it cannot read a setting. */
function checkOrigin(target: Target): void {
  const [problem] = problemsOf({ target, stored: new Set() }, (key) => key === 'PUBLIC_ORIGIN');
  const hostname = URL.parse(target.variables['PUBLIC_ORIGIN'] ?? '')?.hostname ?? '';
  const remedy = isLoopback(hostname)
    ? 'a deployed Worker is not on this machine.'
    : problem?.remedy;
  if (remedy !== undefined)
    throw new OperatorProblem(`PUBLIC_ORIGIN: ${remedy} Nothing was deployed.`);
}

async function show({ showWrangler }: Shell, args: string[]): Promise<void> {
  if ((await showWrangler(args)) !== 0) throw failed(args);
}

const failed = (args: string[]) =>
  new OperatorProblem(
    `\`wrangler ${args.join(' ').replace(/ --.*/, '')}\` failed, see above. The steps after it were not run.`,
  );
