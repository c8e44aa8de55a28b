import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { listEventDestinations, type EventDestination } from '../event-destinations.ts';
import { OperatorProblem } from '../problem.ts';
import type { Target } from '../target.ts';
import { WEBHOOK_PATH } from '../webhook.ts';
import { hasSecret, type StripeContext } from './context.ts';

/** What becomes of the endpoints that lead to the Worker's address. */
export type WebhookPlan =
  | { kind: 'unknown_address' }
  | { kind: 'create'; address: string }
  | { kind: 'replace'; address: string; existing: EventDestination; why: string }
  | { kind: 'keep'; existing: EventDestination }
  | { kind: 'refused'; existing: EventDestination; why: string };

export const WEBHOOK_SECRET = 'STRIPE_WEBHOOK_SECRET';

/**
 * Names the Worker that an endpoint was made for: a name is unique in one Cloudflare account, or in
 * one folder of a machine. Setup writes it into the endpoint's metadata.
 */
export function ownerOf({ workerName, directory }: Target, accountId: string | undefined): string {
  const folder = () => createHash('sha256').update(`${hostname()} ${directory}`).digest('hex');
  return `${workerName}@${accountId ?? `local-${folder().slice(0, 16)}`}`;
}

/**
 * Decides without changing anything. An endpoint whose secret cannot be accounted for may serve
 * another Worker: it is replaced only if the operator names it.
 *
 * @param named  the id given with --replace-webhook
 * @throws OperatorProblem if no endpoint of this id leads to the Worker
 */
export async function planWebhook(
  context: StripeContext,
  named: string | undefined,
): Promise<WebhookPlan> {
  const { url, callStripe, owner } = context;
  if (!url) return { kind: 'unknown_address' };
  const address = new URL(WEBHOOK_PATH, url).href;
  const all = await callStripe(listEventDestinations);
  const isOwn = (each: EventDestination) => each.owner === owner;
  const ours = all.filter(({ url: to }) => to === address);
  if (named !== undefined) {
    const existing = all.find((each) => each.id === named && (isOwn(each) || ours.includes(each)));
    if (existing) return { kind: 'replace', address, existing, why: 'you have named it' };
    throw new OperatorProblem(`--replace-webhook: no endpoint ${named} leads to ${address}.`);
  }
  const existing = ours.find(isOwn) ?? ours.find(({ isEnabled }) => isEnabled) ?? ours[0];
  if (existing) return planFor(existing, address, context);
  const elsewhere = all.find(isOwn);
  if (!elsewhere) return { kind: 'create', address };
  return {
    kind: 'refused',
    existing: elsewhere,
    why: `it is this Worker’s, and ${address} is not`,
  };
}

function planFor(existing: EventDestination, address: string, context: StripeContext): WebhookPlan {
  if (context.givenSecrets.includes(WEBHOOK_SECRET)) return { kind: 'keep', existing };
  const isOwn = existing.owner === context.owner;
  const hasItsSecret = hasSecret(context, WEBHOOK_SECRET) && context.isSameAccount;
  if (hasItsSecret && (isOwn || existing.owner === undefined)) return { kind: 'keep', existing };
  // Made for this Worker, which does not have its secret: so nobody has.
  if (isOwn) {
    const why = hasSecret(context, WEBHOOK_SECRET)
      ? 'the Worker’s secret may be of another account or mode'
      : 'the Worker lacks its secret';
    return { kind: 'replace', address, existing, why };
  }
  const why =
    existing.owner === undefined
      ? 'it is not known whose secret it has, and this Worker does not have it'
      : `setup made it for another Worker (${existing.owner})`;
  return { kind: 'refused', existing, why };
}

/** @throws OperatorProblem that says how to go on */
export function refuseUnaccounted(
  { configFile }: Pick<Target, 'configFile'>,
  plan: WebhookPlan,
  givenSecrets: readonly string[],
): void {
  if (
    (plan.kind === 'create' || plan.kind === 'replace') &&
    givenSecrets.includes(WEBHOOK_SECRET)
  ) {
    throw new OperatorProblem(
      `${WEBHOOK_SECRET} was given, but the new endpoint gets a secret of its own, which setup stores. Remove it from the environment or the file of secrets: the next run would store it over the right one. Nothing was changed.`,
    );
  }
  if (plan.kind !== 'refused') return;
  const { id, url } = plan.existing;
  throw new OperatorProblem(
    `The webhook endpoint ${id} leads to ${url} already: ${plan.why}. Nothing was changed.\n` +
      `  If this is the wrong Cloudflare account or Worker: set account_id in ${configFile}, or CLOUDFLARE_ACCOUNT_ID, and check --remote and --env.\n` +
      `  If the endpoint is for this Worker: give its secret to setup in the variable ${WEBHOOK_SECRET}.\n` +
      `  To replace it, which cuts off any other Worker that has its secret: add --replace-webhook ${id}.`,
  );
}
