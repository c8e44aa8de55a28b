import { deployQuietly } from '../deploy.ts';
import { createDialogue } from '../dialogue.ts';
import { readPortalFile } from '../portal/file.ts';
import { refuseUnreadable } from '../portal/written.ts';
import { refuseToSkipProduction } from '../production.ts';
import type { Shell } from '../shell.ts';
import { mayReadCoupons, NO_COUPONS } from '../stripe-key.ts';
import { readTarget, type TargetOptions } from '../target.ts';
import { isCurrent } from '../worker.ts';
import { onlyAddress, settlePublicOrigin } from './address.ts';
import { announce } from './announce.ts';
import { learn, refuseUnsettled, settleAnswers } from './answers.ts';
import { lookAtCloudflare } from './cloudflare.ts';
import { showClosing } from './closing.ts';
import type { Context, StripeContext } from './context.ts';
import { settleDatabase } from './database.ts';
import { settleEnvironment } from './environment.ts';
import { mentionFill } from './fill.ts';
import { withAnswers, type Answers } from './interview/answers.ts';
import { isIdentitySettled } from './interview/index.ts';
import { findKey, mentionRights, settleKey } from './key.ts';
import { planFor } from './plan.ts';
import { checkPortals, settlePortals } from './portals.ts';
import { settleRequired } from './required.ts';
import { retirePortals } from './retire.ts';
import { checkSecrets, givenSecretsOf, settleSecrets } from './secrets.ts';
import { findStripeAccount } from './stripe-account.ts';
import { plannedTarget } from './target.ts';
import { refuseUnusable } from './usable.ts';
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
  onlyAddress(target, options.url);
  refuseUnreadable(target.variables);
  const portalFile = readPortalFile(shell.directory);
  dialogue.open(`Setting up ${target.workerName}`, planFor(target));
  const cloudflare =
    target.place === 'remote'
      ? await dialogue.working('Looking at Cloudflare', () => lookAtCloudflare(shell, target))
      : undefined;
  const deployed = cloudflare?.deployed;
  const surroundings = { target, shell, dialogue, deployed, portalFile, stored: new Map() };
  checkSecrets(surroundings, givenSecretsOf(shell, target));
  const key = await findKey(surroundings, options);
  const answers = await learn(surroundings, key, cloudflare, options.url);
  const context: StripeContext = {
    ...surroundings,
    ...key,
    target: withAnswers(target, answers),
    url: answers.url,
    owner: ownerOf(target, cloudflare?.id),
    givenSecrets: [...givenSecretsOf(shell, target), ...Object.keys(answers.secrets)],
  };
  if (!dryRun) refuseUnsettled(context);
  await checkPortals(context);
  const webhook = await planWebhook(context, options.replaceWebhook);
  if (isIdentitySettled(context)) refuseUnusable(context, webhook);
  const stripeAccount = await key.callStripe(async (stripe) => findStripeAccount(stripe, key.mode));
  const facts = {
    stripeAccount,
    mode: key.mode,
    cloudflare,
    webhook,
    givenSecrets: context.givenSecrets,
  };
  if (!(await announce(context, facts))) return dialogue.say('Nothing was changed.');

  await mentionRights(context);
  const environment = await settleEnvironment(shell.directory, options.env, dialogue);
  if (environment === 'missing') return dialogue.say('The other steps need this environment.');
  const changes = (environment === 'added' ? 1 : 0) + (await settle(context, answers, webhook));
  const deployment = await settleDeploy(context, options, changes);
  const retired = deployment === 'declined' && !dryRun ? 0 : await retire(context, options);
  const isChanged = changes + retired > 0 || deployment !== 'not_needed';
  if (!isChanged) dialogue.say('Nothing to change: everything is set up.');
  else if (dryRun) dialogue.say('Nothing was changed: this was a dry run.');
  if (!(await key.callStripe(mayReadCoupons))) dialogue.say(NO_COUPONS);
  if (dryRun) return;
  await mentionFill(context, stripeAccount.id);
  showClosing(context, isChanged, answers.open);
}

async function settle(
  context: StripeContext,
  answers: Answers,
  webhook: WebhookPlan,
): Promise<number> {
  return (
    (await settleKey(context, context)) +
    (await settleAnswers(context, answers)) +
    (await settlePublicOrigin(context)) +
    (await settleSecrets(context)) +
    (await settleRequired(context)) +
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
  if (changes === 0 && (!url || (await isCurrent(url, shell.fetch)))) return 'not_needed';
  if (!(await dialogue.decide(`Deploy the Worker ${target.workerName}`))) return 'declined';
  // With the settings that the steps before have written.
  const now = readTarget(shell.directory, shell.environment, options);
  await dialogue.working(`Deploying ${target.workerName}`, async () => deployQuietly(shell, now));
  return 'done';
}

async function retire(context: StripeContext, options: SetupOptions): Promise<number> {
  const { directory, environment } = context.shell;
  const { yes = false, dryRun = false } = options;
  const now = dryRun ? undefined : readTarget(directory, environment, options);
  return retirePortals(context, { isUnattended: yes && !dryRun, now });
}
