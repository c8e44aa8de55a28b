import { createDialogue, type Dialogue } from '../dialogue.ts';
import { Cancelled } from '../problem.ts';
import type { Shell } from '../shell.ts';
import { mayReadCoupons, NO_COUPONS } from '../stripe-key.ts';
import { settlePublicOrigin } from './address.ts';
import { announce } from './announce.ts';
import { cookieNews, plannedSettings } from './check-settings.ts';
import { showClosing } from './closing.ts';
import type { StripeContext } from './context.ts';
import { settleDatabase } from './database.ts';
import { retire, settleDeploy } from './deploy.ts';
import { refuseUneditable } from './editable.ts';
import { lackingOfApp, settleEnvironment, thenDeploy } from './environment.ts';
import { mentionFill } from './fill.ts';
import { isIdentitySettled, unsettled } from './identity.ts';
import { mentionRights, settleKey } from './key.ts';
import { checkPortals, settlePortals } from './portals.ts';
import type { SetupOptions } from './options.ts';
import { prepare, type Prepared } from './prepare.ts';
import { settleRequired } from './required.ts';
import { settleSecrets } from './secrets.ts';
import { keepInView, linksAdvice, settleAnswers } from './settle-answers.ts';
import { findStripeAccount } from './stripe-account.ts';
import { settleWebhook } from './webhook.ts';
import { planWebhook, type WebhookPlan } from './webhook-plan.ts';

const NOTHING_YET =
  'Stopped. Nothing was changed, and no answer is kept. Run the command again to begin anew.';

/**
 * Looks at everything, asks what no setting says, names what it is about to work on, then makes the
 * missing changes, asking before each. An interrupted run is completed by the next one.
 *
 * @throws OperatorProblem, Cancelled
 */
export async function runSetup(
  shell: Shell,
  options: SetupOptions,
  dialogue: Dialogue = createDialogue(shell, options),
): Promise<void> {
  const prepared = await prepare(shell, options, dialogue).catch((error: unknown) => {
    throw error instanceof Cancelled ? new Cancelled(NOTHING_YET) : error;
  });
  const written = { isDone: options.dryRun ?? false };
  try {
    await carryOut(prepared, options, written);
  } finally {
    if (!written.isDone) keepInView(prepared.context, prepared.answers);
  }
}

async function carryOut(
  prepared: Prepared,
  options: SetupOptions,
  written: { isDone: boolean },
): Promise<void> {
  const { context, answers, cloudflare, key } = prepared;
  const { dialogue, shell, url, target } = context;
  const { dryRun = false } = options;
  const isSettled = isIdentitySettled(context, options.linksOnly ?? false);
  if (!isSettled && target.place === 'remote') {
    if (!dryRun) throw unsettled(context);
    dialogue.say(unsettled(context).message);
  }
  await checkPortals(context);
  const webhook = await planWebhook(context, options.replaceWebhook);
  const settings = isSettled ? plannedSettings(context, webhook) : undefined;
  refuseUneditable(context, answers);
  const cookie = url && settings?.kind === 'usable' ? cookieNews(settings.config, url) : undefined;
  const stripeAccount = await key.callStripe(async (stripe) => findStripeAccount(stripe, key.mode));
  const { givenSecrets } = context;
  const facts = { stripeAccount, mode: key.mode, cloudflare, webhook, givenSecrets };
  if (!(await announce(context, facts))) return dialogue.say('Nothing was changed.');
  if (cookie?.kind === 'never') {
    dialogue.say(cookie.text);
    if (!(await dialogue.agree('Go on all the same'))) return dialogue.say('Nothing was changed.');
  }

  await mentionRights(context);
  const environment = await settleEnvironment(shell.directory, options.env, dialogue);
  if (environment === 'missing') {
    const lacking = dryRun ? lackingOfApp(target, options.env) : undefined;
    if (lacking !== undefined) dialogue.say(`Then: ${thenDeploy(lacking, options.env)}`);
    return dialogue.say('The other steps need this environment.');
  }
  const said = await settleAnswers(context, answers);
  if (said === 'declined' && !dryRun) return dialogue.say('The other steps need these answers.');
  written.isDone = true;
  const isNew = environment === 'added';
  const before = [isNew, said !== 'nothing'].filter(Boolean).length;
  const changes = before + (await settle(context, webhook));
  const deployment = await settleDeploy(context, options, { changes, isNew });
  const isBehind = deployment.kind === 'declined' || deployment.kind === 'awaits';
  const retired = isBehind && !dryRun ? 0 : await retire(context, options);
  const isChanged = changes + retired > 0 || deployment.kind !== 'not_needed';
  if (!isChanged) dialogue.say('Nothing to change: everything is set up.');
  else if (dryRun) {
    if (deployment.kind === 'awaits') dialogue.say(`Then: ${deployment.next}`);
    dialogue.say('Nothing was changed: this was a dry run.');
  }
  if (!(await key.callStripe(mayReadCoupons))) dialogue.say(NO_COUPONS);
  if (dryRun) return;
  await mentionFill(context, stripeAccount.id);
  showClosing(context, isChanged, [
    ...answers.open,
    ...(deployment.kind === 'awaits' ? [deployment.next] : []),
    ...(cookie ? [cookie.text] : []),
    ...(answers.secrets['LINK_SECRET'] ? [linksAdvice(target)] : []),
    ...(settings?.kind === 'incomplete' ? settings.problems : []),
  ]);
}

async function settle(context: StripeContext, webhook: WebhookPlan): Promise<number> {
  return (
    (await settleKey(context, context)) +
    (await settlePublicOrigin(context)) +
    (await settleSecrets(context)) +
    (await settleRequired(context)) +
    (await settleDatabase(context)) +
    (await settleWebhook(context, webhook)) +
    // Last of these: its id shows the next run which Stripe account all of them belong to.
    (await settlePortals(context))
  );
}
