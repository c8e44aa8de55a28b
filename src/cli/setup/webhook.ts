import { EVENT_TYPES } from '../../customers/events.ts';
import { API_VERSION } from '../../stripe/client.ts';
import { uninterrupted } from '../dialogue.ts';
import {
  listEventDestinations,
  removeDestination,
  sendOwnEvents,
  type EventDestination,
} from '../event-destinations.ts';
import { WEBHOOK_PATH } from '../webhook.ts';
import { hasSecret, storeSecret, type StripeContext } from './context.ts';

const NAME = 'STRIPE_WEBHOOK_SECRET';

/** Makes Stripe send exactly the events that the Worker uses. Returns the number of changes. */
export async function settleWebhook(context: StripeContext): Promise<number> {
  const { url, callStripe, dialogue } = context;
  if (!url) {
    dialogue.say(
      'No webhook endpoint was made: it is unknown where Stripe can reach the Worker. Add --url https://…',
    );
    return 0;
  }
  const address = new URL(WEBHOOK_PATH, url).href;
  const all = await callStripe(listEventDestinations);
  const ours = all.filter(({ url: to }) => to === address);
  const existing = ours.find(({ isEnabled }) => isEnabled) ?? ours[0];
  if (!existing) return create(context, address);
  // Stripe shows a secret once. Without it, the Worker cannot use the endpoint.
  if (!hasSecret(context, NAME) || !context.isSameAccount) {
    return replace(context, existing, address);
  }
  return update(context, existing);
}

async function create(context: StripeContext, address: string): Promise<number> {
  const question = `Create a webhook endpoint for ${address} in ${context.mode} mode, and store its secret as ${NAME}`;
  if (await context.dialogue.decide(question)) await createAndStore(context, address);
  return 1;
}

async function replace(
  context: StripeContext,
  existing: EventDestination,
  address: string,
): Promise<number> {
  const why = hasSecret(context, NAME)
    ? 'the Worker’s secret may be of another account or mode'
    : 'the Worker lacks its secret';
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
  const { callStripe, target } = context;
  await uninterrupted(async () => {
    const endpoint = await callStripe((stripe) =>
      stripe.webhookEndpoints.create({
        url: address,
        enabled_events: EVENT_TYPES,
        api_version: API_VERSION,
        description: `portal-link: ${target.workerName}`,
      }),
    );
    try {
      await storeSecret(context, NAME, endpoint.secret ?? '');
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
  const isExact = sent.size === EVENT_TYPES.length && EVENT_TYPES.every((type) => sent.has(type));
  if (isEnabled && isExact) return 0;
  const what = [
    ...(isEnabled ? [] : ['switch it on']),
    ...(isExact ? [] : [`send exactly ${EVENT_TYPES.length} events: ${EVENT_TYPES.join(', ')}`]),
  ].join('; ');
  if (await dialogue.decide(`The ${nameOf(existing)} ${existing.id}: ${what}`)) {
    await callStripe(async (stripe) => sendOwnEvents(stripe, existing));
  }
  return 1;
}
