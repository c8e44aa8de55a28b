import type { Stripe } from 'stripe';
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

/**
 * Asks Stripe for customers of a subject that D1 does not know, and takes those found into D1.
 * Stripe's search is limited to about 20 requests a second, so a subject is searched for once a
 * minute. Its index lags about a minute, too: a purchase just made comes by webhook.
 *
 * @returns whether D1 has something new to find
 * @throws BillingError of D1 or Stripe
 */
export async function searchCustomers(
  claimant: Claimant,
  sources: SearchSources,
  now: Date,
): Promise<boolean> {
  const { customers, config } = sources;
  const { subject } = claimant;
  if (subject.length > SUBJECT_CHARACTERS) return false;
  if (!(await customers.claimSearch(subject, config.livemode, now))) return false;
  try {
    const found = await calling(config.livemode, async () => candidates(claimant, sources));
    for (const id of found) await syncCustomer(id, sources, now, subject);
    return found.length > 0;
  } catch (error) {
    // A search that failed must not stand for one that found nothing.
    await customers.releaseSearch(subject, config.livemode);
    throw error;
  }
}

/**
 * Takes named customers that D1 does not know yet from Stripe, once a minute.
 *
 * @returns whether D1 has something new to find
 * @throws BillingError of D1 or Stripe
 */
export async function adoptCustomers(
  ids: string[],
  sources: SyncSources,
  now: Date,
): Promise<boolean> {
  let adopted = false;
  for (const id of ids) {
    if (!(await sources.customers.claimSearch(id, sources.config.livemode, now))) continue;
    await syncCustomer(id, sources, now);
    adopted = true;
  }
  return adopted;
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
