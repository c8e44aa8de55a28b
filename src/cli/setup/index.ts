import { deploy } from '../deploy.ts';
import { createDialogue, type Dialogue } from '../dialogue.ts';
import { readPortalFile } from '../portal/file.ts';
import { OperatorProblem } from '../problem.ts';
import { refuseToSkipProduction } from '../production.ts';
import type { Shell } from '../shell.ts';
import { readTarget, type Target, type TargetOptions } from '../target.ts';
import { isDeployed, lookAtWorker, type Deployed } from '../worker.ts';
import { settleDatabase } from './database.ts';
import { settleEnvironment } from './environment.ts';
import { settleIdentity } from './identity.ts';
import { settleKey } from './key.ts';
import { settlePortal } from './portal.ts';
import { settleSecrets } from './secrets.ts';
import { settleWebhook } from './webhook.ts';
import type { Context } from './context.ts';

export type SetupOptions = TargetOptions & {
  url?: string;
  yes?: boolean;
  dryRun?: boolean;
  live?: boolean;
};

/**
 * Makes the missing changes, asking before each. An interrupted run is completed by the next one.
 *
 * @throws OperatorProblem, Cancelled
 */
export async function runSetup(shell: Shell, options: SetupOptions): Promise<void> {
  const { yes = false, dryRun = false } = options;
  const dialogue = createDialogue(shell, { yes, dryRun });
  const environment = await settleEnvironment(shell.directory, options.env, dialogue);
  if (environment === 'missing') return dialogue.say('The other steps need this environment.');
  const target = readTarget(shell.directory, shell.environment, options);
  if (target.place === 'remote') refuseToSkipProduction(target);
  const url = await addressOf(target, options.url, dialogue);
  const portalFile = readPortalFile(shell.directory);
  const deployed = target.place === 'remote' ? await look(target, shell, dialogue) : undefined;
  const context: Context = { target, shell, dialogue, deployed, portalFile, url };

  const { changes, ...key } = await settleKey(context, options.live ?? false);
  const settled =
    changes +
    (await settleIdentity(context)) +
    (await settleSecrets(context)) +
    (await settleDatabase(context)) +
    (await settleWebhook({ ...context, ...key })) +
    // Last of these: its id shows the next run which Stripe account all of them belong to.
    (await settlePortal({ ...context, ...key }));
  const deploys = target.place === 'remote' ? await settleDeploy(context, settled) : 0;
  const added = environment === 'added' ? 1 : 0;
  dialogue.say(closing(settled + deploys + added, dryRun));
}

async function look(target: Target, { wrangler }: Shell, dialogue: Dialogue): Promise<Deployed> {
  const deployed = await dialogue.working('Looking at Cloudflare', () =>
    lookAtWorker(target, wrangler),
  );
  if (deployed.kind !== 'unseen') return deployed;
  throw new OperatorProblem(
    `Cloudflare cannot be asked: ${deployed.reason} Sign in with \`npx wrangler login\`, or set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID.`,
  );
}

async function addressOf(
  { place, variables }: Target,
  option: string | undefined,
  dialogue: Dialogue,
): Promise<URL | undefined> {
  const known = option || variables['PUBLIC_ORIGIN'];
  const isAsked = !known && place === 'remote';
  const given = isAsked ? await dialogue.ask(QUESTION, addressProblem) : known;
  if (!given) return undefined;
  const problem = addressProblem(given);
  if (problem !== undefined) throw new OperatorProblem(`--url: ${problem}`);
  return new URL(given);
}

const QUESTION = 'At which address will the Worker be? (https://billing.example.com)';

function addressProblem(given: string): string | undefined {
  const parsed = URL.parse(given);
  return parsed && /^https?:$/.test(parsed.protocol)
    ? undefined
    : 'write an address such as https://billing.example.com.';
}

/** Settings are part of the deployed code, so every change needs a deploy. */
async function settleDeploy(context: Context, settled: number): Promise<number> {
  const { shell, target, url, dialogue } = context;
  if (settled === 0 && (!url || (await isDeployed(url)))) return 0;
  if (await dialogue.decide(`Deploy the Worker ${target.workerName}`)) {
    await deploy(shell, target, []);
  }
  return 1;
}

function closing(changes: number, dryRun: boolean): string {
  if (changes === 0) return 'Nothing to change: everything is set up.';
  return dryRun
    ? 'Nothing was changed: this was a dry run.'
    : 'Done. `npm run doctor` examines the result.';
}
