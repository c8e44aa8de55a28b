import { Stripe } from 'stripe';
import { EVENT_TYPES } from '../../customers/events.ts';
import { API_VERSION } from '../../stripe/client.ts';
import { toBillingError } from '../../stripe/faults.ts';
import { isWorkers, listEventDestinations, type EventDestination } from '../event-destinations.ts';
import { WEBHOOK_PATH } from '../webhook.ts';
import { dashboardOf, type Mode } from '../settings.ts';
import { setupCommand } from '../target.ts';
import { failure, ok, skipped, warning, type Finding } from './finding.ts';
import { originOf, type Subject } from './subject.ts';

type Endpoint = EventDestination;

const DAYS = 3;

/** Examines how Stripe sends changes of this mode to the Worker. */
export async function examineWebhook(
  subject: Subject,
  stripe: Stripe,
  mode: Mode,
): Promise<Finding[]> {
  const endpoints = await listEndpoints(stripe, mode);
  if (!endpoints) return allSkipped('The key may not read webhook endpoints.');
  const origin = originOf(subject);
  const ours = endpoints.filter(({ url }) => isWorkers(url, origin));
  const endpoint = ours.find(({ isEnabled }) => isEnabled) ?? ours[0];
  if (!endpoint && subject.target.place === 'local' && subject.url === undefined) {
    return allSkipped(
      'Stripe cannot reach this machine: `stripe listen --forward-to localhost:8787/api/stripe/webhook` hands events on.',
    );
  }
  if (!endpoint) {
    const [, ...others] = allSkipped('There is no endpoint to look at.');
    return [whyNone(subject, endpoints, origin, mode), ...others];
  }
  return [
    examineEndpoint(endpoint, ours, subject, mode),
    examineEvents(endpoint, subject),
    examineVersion(endpoint),
    await examineDeliveries(stripe, subject.now, mode),
  ];
}

async function listEndpoints(stripe: Stripe, mode: Mode): Promise<Endpoint[] | undefined> {
  try {
    return await listEventDestinations(stripe);
  } catch (error) {
    if (error instanceof Stripe.errors.StripePermissionError) return undefined;
    throw toBillingError(error, mode === 'live');
  }
}

function allSkipped(found: string): Finding[] {
  return [
    skipped('webhook_endpoint', found),
    skipped('webhook_events', found),
    skipped('webhook_version', found),
    skipped('webhook_deliveries', found),
  ];
}

function whyNone(
  subject: Subject,
  endpoints: Endpoint[],
  origin: string | undefined,
  mode: Mode,
): Finding {
  const address = `${origin ?? 'https://<this Worker>'}${WEBHOOK_PATH}`;
  const elsewhere = endpoints.filter(({ url }) => URL.parse(url)?.pathname === WEBHOOK_PATH);
  const others = elsewhere.map(({ url }) => url).join(', ');
  const found =
    others === ''
      ? `None in ${mode} mode leads to ${address}.`
      : `In ${mode} mode it leads to ${others}, not to ${address}.`;
  return failure(
    'webhook_endpoint',
    found,
    `Run ${setupCommand(subject.target)}, or add it at ${dashboardOf(mode)}/webhooks.`,
  );
}

function examineEndpoint(
  endpoint: Endpoint,
  ours: Endpoint[],
  subject: Subject,
  mode: Mode,
): Finding {
  const page = `${dashboardOf(mode)}/webhooks/${endpoint.id}`;
  if (!endpoint.isEnabled) {
    return failure(
      'webhook_endpoint',
      `${endpoint.url} is switched off.`,
      `Run ${setupCommand(subject.target)}, or enable it at ${page}.`,
    );
  }
  const enabled = ours.filter(({ isEnabled, url }) => isEnabled && url === endpoint.url);
  if (enabled.length > 1) {
    return warning(
      'webhook_endpoint',
      `${enabled.length} lead to ${endpoint.url}: each event comes ${enabled.length} times.`,
      `Keep the one whose secret the Worker has, and delete the others at ${dashboardOf(mode)}/webhooks.`,
    );
  }
  const kind = endpoint.payload === 'thin' ? ', by a thin event destination' : '';
  return ok('webhook_endpoint', `${endpoint.url}, in ${mode} mode${kind}.`);
}

function examineEvents({ events: sent }: Endpoint, { target }: Subject): Finding {
  const missing = sent.includes('*') ? [] : EVENT_TYPES.filter((type) => !sent.includes(type));
  const surplus = sent.filter((type) => !(EVENT_TYPES as string[]).includes(type)).join(', ');
  const next = `Run ${setupCommand(target)}: it sets exactly the events of the Worker’s own list.`;
  if (missing.length > 0)
    return failure('webhook_events', `Not sent: ${missing.join(', ')}.`, next);
  if (surplus) return warning('webhook_events', `Sent for nothing: ${surplus}.`, next);
  return ok('webhook_events', `All ${EVENT_TYPES.length}, and no others.`);
}

function examineVersion({ apiVersion: version, payload }: Endpoint): Finding {
  if (payload === 'thin') return ok('webhook_version', 'None: thin events are in no version.');
  if (version === API_VERSION) return ok('webhook_version', version);
  return warning(
    'webhook_version',
    `Events are written in ${version ?? 'the account’s default version'}; the Worker is built for ${API_VERSION}.`,
    'It reads no more than ids from events, so nothing is lost. For a new version delete the endpoint and run setup: Stripe changes it on no existing one.',
  );
}

async function examineDeliveries(stripe: Stripe, now: Date, mode: Mode): Promise<Finding> {
  try {
    const since = Math.floor(now.getTime() / 1000) - DAYS * 86_400;
    const { data, has_more: more } = await stripe.events.list({
      delivery_success: false,
      types: EVENT_TYPES,
      created: { gte: since },
      limit: 100,
    });
    if (data.length === 0) return ok('webhook_deliveries', `None has failed in ${DAYS} days.`);
    return warning(
      'webhook_deliveries',
      `${data.length}${more ? ' or more' : ''} events of the last ${DAYS} days have not reached every endpoint.`,
      `See why at ${dashboardOf(mode)}/webhooks: 400 is a wrong STRIPE_WEBHOOK_SECRET, 404 a wrong address, 503 a Worker with faulty settings.`,
    );
  } catch (error) {
    if (error instanceof Stripe.errors.StripePermissionError)
      return skipped('webhook_deliveries', 'The key may not read events.');
    throw toBillingError(error, mode === 'live');
  }
}
