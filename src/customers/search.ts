import { BillingError } from '../errors/billing-error.ts';
import { accountsOf, type SubjectPrincipal } from '../identity/principal.ts';
import { calling, isSearchRefused } from '../stripe/faults.ts';
import { log } from '../telemetry/log.ts';
import { syncCustomer, type SyncSources } from './sync.ts';

export type SearchSources = SyncSources & { config: { linkByEmail: boolean } };

// Stripe stores no longer metadata: https://docs.stripe.com/metadata
const SUBJECT_CHARACTERS = 500;
const CANDIDATES = 10;

// Milliseconds before each look at whether another request's search has ended.
const PAUSES = [0, 200, 400, 800, 1600];

/**
 * Searches Stripe for customers of subjects that D1 does not know, and syncs those it finds.
 * Stripe limits searches to about 20 a second, so each subject is searched for once a minute.
 * The index lags by about a minute, too: a new purchase arrives by webhook.
 *
 * @throws BillingError of D1 or Stripe, or `search_running`
 */
export async function searchCustomers(
  principal: SubjectPrincipal,
  sources: SearchSources,
  now: Date,
): Promise<void> {
  const { email, emailVerified } = principal;
  for (const { subject, isOrganisation } of accountsOf(principal)) {
    // An address is a person's. It says nothing about who pays for their organisation.
    const proven = !isOrganisation && emailVerified === true ? email : undefined;
    await searchFor(subject, proven, sources, now);
  }
}

async function searchFor(
  subject: string,
  email: string | undefined,
  sources: SearchSources,
  now: Date,
): Promise<void> {
  const { stores, config } = sources;
  if (subject.length > SUBJECT_CHARACTERS) return;
  await onceAMinute(subject, sources, now, async () => {
    const byMetadata = await calling(config.livemode, async () => findByMetadata(subject, sources));
    const byEmail =
      byMetadata.length > 0
        ? []
        : await calling(config.livemode, async () => findByEmail(email, sources));
    // A customer that D1 takes for deleted may only have been out of reach, as of a wrong key.
    const deleted = await stores.customers.deletedOf(subject, config.livemode, CANDIDATES);
    for (const id of new Set([...byMetadata, ...byEmail, ...deleted])) {
      await syncCustomer(id, sources, now);
    }
    // A statement of its own, which no webhook can overtake as it can a sync.
    for (const id of byEmail) await stores.syncs.mapByEmail(id, subject);
  });
}

/**
 * Syncs named customers that D1 does not know, each once a minute.
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

/** Searches, or waits until another request has: D1 then holds what it found. */
async function onceAMinute(
  sought: string,
  { stores: { searches }, config: { livemode } }: SyncSources,
  now: Date,
  search: () => Promise<void>,
): Promise<void> {
  const own = { sought, livemode, claim: crypto.randomUUID() };
  for (const pause of PAUSES) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    const state = await searches.claim(own, now);
    if (state === 'ended') return;
    if (state === 'running') continue;
    try {
      await search();
    } catch (error) {
      // A failed search must not count as one that found nothing.
      await searches.release(own);
      throw error;
    }
    await searches.end(own);
    return;
  }
  throw new BillingError('search_running', 'Another request is searching at Stripe.');
}

/** Stripe's search ignores case and can be stale, so its results are compared exactly. */
async function findByMetadata(
  subject: string,
  { stripe, config }: SearchSources,
): Promise<string[]> {
  const quoted = subject.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  try {
    const { data } = await stripe.customers.search({
      query: `metadata['${config.customerMetadataKey}']:'${quoted}'`,
      limit: CANDIDATES,
    });
    return data
      .filter((each) => each.metadata[config.customerMetadataKey] === subject)
      .filter((each) => each.livemode === config.livemode)
      .map(({ id }) => id);
  } catch (error) {
    if (!isSearchRefused(error)) throw error;
    // Stripe's message may repeat the query, and with it the subject.
    log('error', { event: 'search_refused', stripe_request_id: error.requestId });
    return [];
  }
}

/** The only customer with exactly this verified address, unless it already has a subject. */
async function findByEmail(
  email: string | undefined,
  { stripe, config }: SearchSources,
): Promise<string[]> {
  if (!config.linkByEmail || !email) return [];
  const { data } = await stripe.customers.list({ email, limit: CANDIDATES });
  const [only, ...others] = data.filter((each) => each.email === email);
  if (!only || others.length > 0 || only.metadata[config.customerMetadataKey]) return [];
  return [only.id];
}
