import type { Stripe } from 'stripe';
import { BillingError } from '../errors/billing-error.ts';
import { calling } from '../stripe/faults.ts';
import { syncCustomer, type SyncSources } from './sync.ts';

/** A proven subject, and what the same token says of them. */
export type Claimant = {
  subject: string;
  email?: string;
  emailVerified?: boolean;
};

/** Whoever holds a link that names customers by their ids. */
export type Named = { customers: string[] };

export type SearchSources = SyncSources & { config: { linkByEmail: boolean } };

// https://docs.stripe.com/metadata: a longer value cannot have been stored.
const SUBJECT_CHARACTERS = 500;
const CANDIDATES = 10;

// Milliseconds before each look at whether somebody else's search has ended.
const PAUSES = [0, 200, 400, 800, 1600];

/**
 * Asks Stripe for customers of a subject that D1 does not know, and takes those found into D1.
 * Stripe's search is limited to about 20 requests a second, so a subject is searched for once a
 * minute. Its index lags about a minute, too: a purchase just made comes by webhook.
 *
 * @throws BillingError of D1 or Stripe, or `search_running`
 */
export async function searchCustomers(
  claimant: Claimant,
  sources: SearchSources,
  now: Date,
): Promise<void> {
  const { customers, config } = sources;
  const { subject } = claimant;
  if (subject.length > SUBJECT_CHARACTERS) return;
  await onceAMinute(subject, sources, now, async () => {
    const found = await calling(config.livemode, async () => candidates(claimant, sources));
    // Whoever D1 holds for deleted may only have been out of reach, of a wrong key perhaps.
    const deleted = await customers.deletedOf(subject, config.livemode, CANDIDATES);
    for (const id of new Set([...found, ...deleted])) {
      await syncCustomer(id, sources, now, subject);
    }
  });
}

/**
 * Takes named customers that D1 does not know from Stripe, once a minute.
 *
 * @throws BillingError of D1 or Stripe, or `search_running`
 */
export async function adoptCustomers(
  ids: string[],
  sources: SyncSources,
  now: Date,
): Promise<void> {
  for (const id of ids) {
    await onceAMinute(id, sources, now, async () => syncCustomer(id, sources, now));
  }
}

/** Searches, or waits for whoever does: what they find is in D1 then, and theirs to be found. */
async function onceAMinute(
  sought: string,
  { customers, config: { livemode } }: SyncSources,
  now: Date,
  search: () => Promise<void>,
): Promise<void> {
  const claimed = { sought, livemode, claim: crypto.randomUUID() };
  for (const pause of PAUSES) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    const state = await customers.claimSearch(claimed, now);
    if (state === 'ended') return;
    if (state === 'running') continue;
    try {
      await search();
    } catch (error) {
      // A search that failed must not stand for one that found nothing.
      await customers.releaseSearch(claimed);
      throw error;
    }
    await customers.endSearch(claimed);
    return;
  }
  throw new BillingError('search_running', 'Another request is searching at Stripe.');
}

async function candidates(claimant: Claimant, sources: SearchSources): Promise<string[]> {
  const byMetadata = await findByMetadata(claimant.subject, sources);
  if (byMetadata.length > 0) return byMetadata;
  const { email, emailVerified } = claimant;
  if (!sources.config.linkByEmail || !email || emailVerified !== true) return [];
  return findByEmail(email, sources);
}

/** Search ignores case and may lag behind, so what it finds is compared exactly. */
async function findByMetadata(
  subject: string,
  { stripe, config }: SearchSources,
): Promise<string[]> {
  const quoted = subject.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  const { data } = await stripe.customers.search({
    query: `metadata['${config.customerMetadataKey}']:'${quoted}'`,
    limit: CANDIDATES,
  });
  return data
    .filter((each) => each.metadata[config.customerMetadataKey] === subject)
    .filter((each) => each.livemode === config.livemode)
    .map(({ id }) => id);
}

/** The one customer with exactly this address, unless it is somebody else's already. */
async function findByEmail(email: string, { stripe, config }: SearchSources): Promise<string[]> {
  const { data } = await stripe.customers.list({ email, limit: CANDIDATES });
  const [only, ...others] = data.filter((each) => each.email === email);
  if (!only || others.length > 0 || hasSubject(only, config.customerMetadataKey)) return [];
  // A customer that D1 maps already stays with whom it is mapped to: syncCustomer sees to that.
  return [only.id];
}

function hasSubject(customer: Stripe.Customer, metadataKey: string): boolean {
  return Boolean(customer.metadata[metadataKey]);
}
