import { subjectOfCheckout } from './mapping.ts';
import type { Reference } from './stores/listed.ts';
import type { SyncSources } from './sync.ts';
import { DONE, placeAfter, readPage, writePlace, type Place } from './walk.ts';

/** One page of completed checkouts. They map customers that nothing else does. */
export async function mapByCheckouts(
  { stripe, stores, config }: SyncSources,
  place: Place,
): Promise<{ walked: number; next: string }> {
  const page = await readPage(place, async (params) =>
    stripe.checkout.sessions.list({ ...params, status: 'complete' }),
  );
  if (page.kind === 'again') return { walked: 0, next: writePlace(page.place) };
  const references = page.data.flatMap((session) =>
    referenceTo(session.customer, subjectOfCheckout(session, config.customerMetadataKey)),
  );
  if (references.length > 0) await stores.listed.mapByCheckouts(references, config.livemode);
  return { walked: page.data.length, next: nextAfter(page, place) };
}

/** One page of subscriptions, ended ones too: people who churned want their invoices. */
export async function mapBySubscriptions(
  { stripe, stores, config }: SyncSources,
  place: Place,
  now: Date,
): Promise<{ walked: number; next: string }> {
  const page = await readPage(place, async (params) =>
    stripe.subscriptions.list({ ...params, status: 'all' }),
  );
  if (page.kind === 'again') return { walked: 0, next: writePlace(page.place) };
  const references = page.data.flatMap(({ customer, metadata }) =>
    referenceTo(customer, metadata[config.customerMetadataKey]),
  );
  if (references.length > 0) {
    await stores.listed.mapBySubscriptions(references, config.livemode, now);
  }
  return { walked: page.data.length, next: nextAfter(page, place) };
}

function referenceTo(
  customer: string | { id: string } | null,
  subject: string | null | undefined,
): Reference[] {
  if (customer === null || !subject) return [];
  return [{ id: typeof customer === 'string' ? customer : customer.id, subject }];
}

type Listed = { data: { id: string; created: number }[]; hasMore: boolean };

function nextAfter({ data, hasMore }: Listed, place: Place): string {
  const last = hasMore ? data.at(-1) : undefined;
  return last ? placeAfter(last, place) : DONE;
}
