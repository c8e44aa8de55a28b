import { isDeployed } from '../doctor/deployment.ts';
import { lookAtWorker } from '../doctor/cloudflare.ts';
import { createDialogue, type Dialogue } from '../dialogue.ts';
import { deploy } from '../deploy.ts';
import { readPortalFile } from '../portal/file.ts';
import { OperatorProblem } from '../problem.ts';
import { readTarget, type TargetOptions } from '../target.ts';
import { createWrangler, type Wrangler } from '../wrangler.ts';
import { settleDatabase } from './database.ts';
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
 * Does what is missing, each step after asking, and nothing that is there already. A run that was
 * broken off is completed by the next one.
 *
 * @throws OperatorProblem, Cancelled
 */
export async function setUpWorker(
  directory: string,
  options: SetupOptions,
  wrangler: Wrangler = createWrangler(directory),
): Promise<void> {
  const dialogue = createDialogue({ yes: options.yes ?? false, dryRun: options.dryRun ?? false });
  const target = readTarget(directory, options);
  const url = await addressOf(target.variables['PUBLIC_ORIGIN'], options, dialogue);
  const portalFile = readPortalFile(directory);
  const deployed =
    target.place === 'remote'
      ? await dialogue.working('Looking at Cloudflare', () => lookAtWorker(target, wrangler))
      : undefined;
  if (deployed?.kind === 'unseen') {
    throw new OperatorProblem(
      `Cloudflare cannot be asked: ${deployed.reason} Sign in by \`npx wrangler login\`, or give CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID.`,
    );
  }
  const context: Context = { target, wrangler, dialogue, deployed, portalFile, url };

  const { changes, ...key } = await settleKey(context, options.live ?? false);
  const settled =
    changes +
    (await settleIdentity(context)) +
    (await settleSecrets(context)) +
    (await settleDatabase(context)) +
    (await settleWebhook({ ...context, ...key })) +
    // Last of these: its id tells the next run which account all of this is of.
    (await settlePortal({ ...context, ...key }));
  const deploys = target.place === 'remote' ? await settleDeploy(context, settled) : 0;
  dialogue.say(closing(settled + deploys, options));
}

async function addressOf(
  publicOrigin: string | undefined,
  options: SetupOptions,
  dialogue: Dialogue,
): Promise<URL | undefined> {
  const isRemote = options.remote || options.env !== undefined;
  const known = options.url || publicOrigin;
  const given = known || (isRemote ? await dialogue.ask(QUESTION, addressProblem) : undefined);
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

/** The Worker's settings are part of its code: whatever changed has to be deployed. */
async function settleDeploy({ target, url, dialogue }: Context, settled: number): Promise<number> {
  if (settled === 0 && (!url || (await isDeployed(url)))) return 0;
  if (await dialogue.decide(`Deploy the Worker ${target.workerName}`)) await deploy(target, []);
  return 1;
}

function closing(changes: number, { dryRun }: SetupOptions): string {
  if (changes === 0) return 'Nothing to change: all is set up.';
  return dryRun
    ? 'Nothing was changed: this was a dry run.'
    : 'Done. `npm run doctor` examines the result.';
}
