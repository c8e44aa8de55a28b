import { EVENT_TYPES } from '../../customers/events.ts';
import { API_VERSION } from '../../stripe/client.ts';
import { uninterrupted } from '../dialogue.ts';
import {
  listEventDestinations,
  removeDestination,
  sendOwnEvents,
  type EventDestination,
} from '../event-destinations.ts';
import { askingStripe } from '../stripe.ts';
import { WEBHOOK_PATH } from '../webhook.ts';
import { hasSecret, storeSecret, type StripeContext } from './context.ts';

const NAME = 'STRIPE_WEBHOOK_SECRET';

/** Has Stripe tell the Worker of exactly the events that it follows. Returns how many changes. */
export async function settleWebhook(context: StripeContext): Promise<number> {
  const { url, mode, dialogue } = context;
  if (!url) {
    dialogue.say(
      'No address is known at which Stripe reaches the Worker, so no webhook endpoint is made. Name it: --url https://…',
    );
    return 0;
  }
  const address = new URL(WEBHOOK_PATH, url).href;
  return askingStripe(mode, async () => {
    const all = await listEventDestinations(context.stripe);
    const ours = all.filter(({ url: to }) => to === address);
    const existing = ours.find(({ isEnabled }) => isEnabled) ?? ours[0];
    if (!existing) return create(context, address);
    // Stripe shows a secret once. Without it the endpoint is worth nothing to the Worker.
    if (!hasSecret(context, NAME) || !context.isSameAccount) {
      return replace(context, existing, address);
    }
    return update(context, existing);
  });
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
    ? 'the secret that the Worker has may be of another account or mode'
    : 'the Worker lacks its secret';
  const question = `Replace the ${nameOf(existing)} ${existing.id}: ${why}, and Stripe shows it only to who creates it`;
  if (!(await context.dialogue.decide(question))) return 1;
  await createAndStore(context, address);
  await removeDestination(context.stripe, existing);
  return 1;
}

const nameOf = ({ payload }: EventDestination) =>
  payload === 'thin' ? 'thin event destination' : 'webhook endpoint';

/** Both or neither: an endpoint whose secret nobody has would only be refused. */
async function createAndStore(context: StripeContext, address: string): Promise<void> {
  const { stripe } = context;
  await uninterrupted(async () => {
    const endpoint = await stripe.webhookEndpoints.create({
      url: address,
      enabled_events: EVENT_TYPES,
      api_version: API_VERSION,
      description: `portal-link: ${context.target.workerName}`,
    });
    try {
      await storeSecret(context, NAME, endpoint.secret ?? '');
    } catch (error) {
      await stripe.webhookEndpoints.del(endpoint.id);
      throw error;
    }
  });
}

async function update(
  { stripe, dialogue }: StripeContext,
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
    await sendOwnEvents(stripe, existing);
  }
  return 1;
}
