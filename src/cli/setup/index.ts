import { deploy } from '../deploy.ts';
import { createDialogue } from '../dialogue.ts';
import { readPortalFile } from '../portal/file.ts';
import { refuseUnreadable } from '../portal/written.ts';
import { refuseToSkipProduction } from '../production.ts';
import type { Shell } from '../shell.ts';
import { mayReadCoupons, NO_COUPONS } from '../stripe-key.ts';
import { readTarget, type TargetOptions } from '../target.ts';
import { isDeployed } from '../worker.ts';
import { addressOf, settlePublicOrigin } from './address.ts';
import { announce } from './announce.ts';
import { lookAtCloudflare } from './cloudflare.ts';
import type { Context, StripeContext } from './context.ts';
import { settleDatabase } from './database.ts';
import { settleEnvironment } from './environment.ts';
import { mentionFill } from './fill.ts';
import { settleIdentity } from './identity.ts';
import { findKey, mentionRights, settleKey } from './key.ts';
import { checkPortals, settlePortals } from './portals.ts';
import { retirePortals } from './retire.ts';
import { checkSecrets, givenSecretsOf, settleSecrets } from './secrets.ts';
import { findStripeAccount } from './stripe-account.ts';
import { plannedTarget } from './target.ts';
import { settleWebhook } from './webhook.ts';
import { ownerOf, planWebhook, type WebhookPlan } from './webhook-plan.ts';

export type SetupOptions = TargetOptions & {
  url?: string;
  yes?: boolean;
  dryRun?: boolean;
  live?: boolean;
  keyStdin?: boolean;
  replaceWebhook?: string;
};

/**
 * Looks at everything, says what it is about to work on, then makes the missing changes, asking
 * before each. An interrupted run is completed by the next one.
 *
 * @throws OperatorProblem, Cancelled
 */
export async function runSetup(shell: Shell, options: SetupOptions): Promise<void> {
  const { yes = false, dryRun = false } = options;
  const dialogue = createDialogue(shell, { yes, dryRun });
  const target = plannedTarget(shell.directory, shell.environment, options);
  if (target.place === 'remote') refuseToSkipProduction(target);
  refuseUnreadable(target.variables);
  const portalFile = readPortalFile(shell.directory);
  const cloudflare =
    target.place === 'remote'
      ? await dialogue.working('Looking at Cloudflare', () => lookAtCloudflare(shell, target))
      : undefined;
  const url = await addressOf(target, options.url, cloudflare?.subdomain, dialogue);
  const deployed = cloudflare?.deployed;
  const stored = new Map<string, string>();
  const context: Context = { target, shell, dialogue, deployed, portalFile, url, stored };
  const givenSecrets = givenSecretsOf(shell, target);
  checkSecrets(context, givenSecrets);
  const key = await findKey(context, options);
  const owner = ownerOf(target, cloudflare?.id);
  const stripeContext = { ...context, ...key, owner, givenSecrets };
  await checkPortals(stripeContext);
  const webhook = await planWebhook(stripeContext, options.replaceWebhook);
  const stripeAccount = await key.callStripe(async (stripe) => findStripeAccount(stripe, key.mode));
  const facts = { stripeAccount, mode: key.mode, cloudflare, webhook, givenSecrets };
  if (!(await announce(context, facts))) return dialogue.say('Nothing was changed.');

  await mentionRights(stripeContext);
  const environment = await settleEnvironment(shell.directory, options.env, dialogue);
  if (environment === 'missing') return dialogue.say('The other steps need this environment.');
  const changes = (environment === 'added' ? 1 : 0) + (await settle(stripeContext, webhook));
  const deployment = await settleDeploy(context, options, changes);
  const retired = deployment === 'declined' && !dryRun ? 0 : await retire(stripeContext, options);
  const isChanged = changes + retired > 0 || deployment !== 'not_needed';
  dialogue.say(closing(isChanged, dryRun));
  if (!(await key.callStripe(mayReadCoupons))) dialogue.say(NO_COUPONS);
  if (!dryRun) await mentionFill(stripeContext, stripeAccount.id);
}

async function settle(context: StripeContext, webhook: WebhookPlan): Promise<number> {
  return (
    (await settleKey(context, context)) +
    (await settleIdentity(context)) +
    (await settlePublicOrigin(context)) +
    (await settleSecrets(context)) +
    (await settleDatabase(context)) +
    (await settleWebhook(context, webhook)) +
    // Last of these: its id shows the next run which Stripe account all of them belong to.
    (await settlePortals(context))
  );
}

/** Settings are part of the deployed code, so every change needs a deploy. */
async function settleDeploy(
  { shell, target, url, dialogue }: Context,
  options: SetupOptions,
  changes: number,
): Promise<'not_needed' | 'done' | 'declined'> {
  if (target.place === 'local') return 'not_needed';
  if (changes === 0 && (!url || (await isDeployed(url, shell.fetch)))) return 'not_needed';
  if (!(await dialogue.decide(`Deploy the Worker ${target.workerName}`))) return 'declined';
  // With the settings that the steps before have written.
  await deploy(shell, readTarget(shell.directory, shell.environment, options), []);
  return 'done';
}

async function retire(context: StripeContext, options: SetupOptions): Promise<number> {
  const { directory, environment } = context.shell;
  const { yes = false, dryRun = false } = options;
  const now = dryRun ? undefined : readTarget(directory, environment, options);
  return retirePortals(context, { isUnattended: yes && !dryRun, now });
}

function closing(isChanged: boolean, dryRun: boolean): string {
  if (!isChanged) return 'Nothing to change: everything is set up.';
  return dryRun
    ? 'Nothing was changed: this was a dry run.'
    : 'Done. `npm run doctor` examines the result.';
}
