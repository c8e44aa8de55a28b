import { styleText } from 'node:util';
import { databaseNameOf } from '../d1/open.ts';
import type { Mode } from '../settings.ts';
import type { CloudflareAccount } from './cloudflare.ts';
import type { Context } from './context.ts';
import { describeStripeAccount, type StripeAccount } from './stripe-account.ts';
import { refuseUnaccounted, type WebhookPlan } from './webhook-plan.ts';

type Facts = {
  stripeAccount: StripeAccount;
  mode: Mode;
  cloudflare: CloudflareAccount | undefined;
  webhook: WebhookPlan;
  givenSecrets: readonly string[];
};

/**
 * Names what setup would act on, before the first change. Returns whether to go on.
 *
 * @throws OperatorProblem if that would cut off another Worker
 */
export async function announce(context: Context, facts: Facts): Promise<boolean> {
  const { dialogue } = context;
  dialogue.say(styleText('bold', 'This is what setup acts on:'));
  for (const [title, value] of rows(context, facts)) {
    dialogue.say(`  ${title.padEnd(20)}${value}`);
  }
  refuseUnaccounted(context.target, facts.webhook, facts.givenSecrets);
  return dialogue.begin('Is this right? Nothing has been changed yet');
}

function* rows({ target, url }: Context, facts: Facts): Generator<[title: string, value: string]> {
  const { cloudflare, stripeAccount, mode, webhook } = facts;
  if (cloudflare) {
    yield ['Cloudflare account', named(cloudflare.name, cloudflare.id)];
    yield ['Worker', withState(target.workerName, cloudflare.deployed.kind === 'seen')];
    yield ['Database', withState(databaseNameOf(target), cloudflare.hasDatabase)];
  } else {
    yield ['Worker', `${target.workerName} on this machine`];
  }
  if (url) yield ['Address', url.origin];
  yield ['Stripe account', describeStripeAccount(stripeAccount, mode)];
  yield ['Webhook endpoint', describeWebhook(webhook)];
}

const named = (name: string | undefined, id: string) =>
  name === undefined ? id : `${name} (${id})`;

const withState = (name: string, isThere: boolean) =>
  `${name}, ${isThere ? 'there' : 'not there yet'}`;

function describeWebhook(plan: WebhookPlan): string {
  switch (plan.kind) {
    case 'unknown_address':
      return 'none: the address of the Worker is unknown';
    case 'create':
      return 'a new one';
    case 'replace':
      return `a new one in place of ${plan.existing.id}`;
    case 'keep':
      return plan.existing.id;
    case 'refused':
      return `${plan.existing.id}, perhaps of another Worker`;
    default:
      return plan satisfies never;
  }
}
