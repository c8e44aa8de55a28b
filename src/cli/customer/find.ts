import { calling, isCustomerGone, isSearchRefused } from '../../stripe/faults.ts';
import { CUSTOMER_ID } from '../../stripe/ids.ts';
import { OperatorProblem } from '../problem.ts';
import type { CustomerSources } from './sources.ts';

const MOST = 10;

/**
 * The ids of the customers that are meant: by an id, by a subject, or by an e-mail address, in D1
 * and then at Stripe.
 *
 * @throws OperatorProblem if there are none
 */
export async function findIds(who: string, sources: CustomerSources): Promise<string[]> {
  const { operator, stores, config } = sources;
  const { livemode } = config;
  if (who.startsWith('cus_') || (await operator.record(who))) return [who];
  const ofSubject = await stores.customers.findBySubjects([who], livemode, 'primary');
  const deleted = await stores.customers.deletedOf(who, livemode, MOST);
  const bySubject = [...ofSubject.map(({ id }) => id), ...deleted];
  if (bySubject.length > 0) return bySubject.slice(0, MOST);
  const found = await calling(livemode, async () => [
    ...(await byEmail(who, sources)),
    ...(await byMetadata(who, sources)),
    ...(await byId(who, sources)),
  ]);
  if (found.length > 0) return [...new Set(found)].slice(0, MOST);
  throw new OperatorProblem(
    'Neither D1 nor Stripe’s search has a customer with this id, subject or e-mail address.',
  );
}

async function byEmail(who: string, { stores, stripe, config }: CustomerSources) {
  if (!who.includes('@')) return [];
  const known = await stores.customers.findByEmail([who.toLowerCase()], config.livemode, MOST);
  const { data } = await stripe.customers.list({ email: who, limit: MOST });
  return [...known, ...data].map(({ id }) => id);
}

/** None where Stripe has no search. Its index lags by about a minute. */
export async function byMetadata(subject: string, { stripe, config }: CustomerSources) {
  const key = config.customerMetadataKey;
  const quoted = subject.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  try {
    const { data } = await stripe.customers.search({
      query: `metadata['${key}']:'${quoted}'`,
      limit: MOST,
    });
    return data.filter(({ metadata }) => metadata[key] === subject).map(({ id }) => id);
  } catch (error) {
    if (isSearchRefused(error)) return [];
    throw error;
  }
}

/** Imported customers keep ids that look like anything. */
async function byId(who: string, { stripe }: CustomerSources) {
  if (!CUSTOMER_ID.test(who)) return [];
  try {
    const { id } = await stripe.customers.retrieve(who);
    return [id];
  } catch (error) {
    if (isCustomerGone(error)) return [];
    throw error;
  }
}
