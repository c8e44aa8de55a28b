import { EVENT_TYPES } from '../../customers/events.ts';
import { API_VERSION } from '../../stripe/client.ts';
import { NO_WEBHOOK } from '../../config/config.ts';
import { uninterrupted } from '../dialogue.ts';
import { setLocalVariable } from '../dev-vars.ts';
import {
  markOfOwner,
  removeDestination,
  sendEvents,
  type EventDestination,
} from '../event-destinations.ts';
import { hasSecret, storeSecret, type StripeContext } from './context.ts';
import { WEBHOOK_SECRET, type WebhookPlan } from './webhook-plan.ts';

/** Makes Stripe send exactly the events that the Worker uses. Returns the number of changes. */
export async function settleWebhook(context: StripeContext, plan: WebhookPlan): Promise<number> {
  switch (plan.kind) {
    case 'unknown_address':
      await noteNoWebhook(context);
      context.dialogue.say(
        'No webhook endpoint was made: it is unknown where Stripe can reach the Worker. Add --url https://…',
      );
      return 0;
    case 'create':
      return create(context, plan.address);
    case 'replace':
      return replace(context, plan);
    case 'keep':
      return update(context, plan.existing);
    case 'refused':
      return 0;
    default:
      return plan satisfies never;
  }
}

/** The Worker on this machine is complete without an endpoint, which it could not be reached at. */
async function noteNoWebhook(context: StripeContext): Promise<void> {
  if (context.target.place === 'remote' || hasSecret(context, WEBHOOK_SECRET)) return;
  setLocalVariable(context.target.directory, WEBHOOK_SECRET, NO_WEBHOOK);
}

async function create(context: StripeContext, address: string): Promise<number> {
  const question = `Create a webhook endpoint for ${address} in ${context.mode} mode, and store its secret as ${WEBHOOK_SECRET}`;
  if (await context.dialogue.decide(question)) await createAndStore(context, address);
  return 1;
}

async function replace(
  context: StripeContext,
  { existing, address, why }: Extract<WebhookPlan, { kind: 'replace' }>,
): Promise<number> {
  const question = `Replace the ${nameOf(existing)} ${existing.id}: ${why}, and Stripe shows a secret only once`;
  if (!(await context.dialogue.decide(question))) return 1;
  await createAndStore(context, address);
  await context.callStripe(async (stripe) => removeDestination(stripe, existing));
  return 1;
}

const nameOf = ({ payload }: EventDestination) =>
  payload === 'thin' ? 'thin event destination' : 'webhook endpoint';

/** Both or neither: without its secret, the Worker refuses everything from an endpoint. */
async function createAndStore(context: StripeContext, address: string): Promise<void> {
  const { callStripe, target, owner } = context;
  await uninterrupted(async () => {
    const endpoint = await callStripe((stripe) =>
      stripe.webhookEndpoints.create({
        url: address,
        enabled_events: EVENT_TYPES,
        api_version: API_VERSION,
        description: `portal-link: ${target.workerName}`,
        metadata: markOfOwner(owner),
      }),
    );
    try {
      await storeSecret(context, WEBHOOK_SECRET, endpoint.secret ?? '');
    } catch (error) {
      await callStripe((stripe) => stripe.webhookEndpoints.del(endpoint.id));
      throw error;
    }
  });
}

async function update(
  { callStripe, dialogue }: StripeContext,
  existing: EventDestination,
): Promise<number> {
  const { isEnabled } = existing;
  const sent = new Set(existing.events);
  // An endpoint that setup did not make may have other readers: nothing is taken from them.
  const kept = existing.owner === undefined ? existing.events : [];
  const wanted = kept.includes('*') ? ['*'] : [...new Set<string>([...EVENT_TYPES, ...kept])];
  const isExact = sent.size === wanted.length && wanted.every((type) => sent.has(type));
  if (isEnabled && isExact) return 0;
  const what = [
    ...(isEnabled ? [] : ['switch it on']),
    ...(isExact ? [] : [`send exactly ${wanted.length} events: ${wanted.join(', ')}`]),
  ].join('; ');
  if (await dialogue.decide(`The ${nameOf(existing)} ${existing.id}: ${what}`)) {
    await callStripe(async (stripe) => sendEvents(stripe, existing, wanted));
  }
  return 1;
}
