import { createHash } from 'node:crypto';
import type { Stripe } from 'stripe';
import type { Config } from '../../config/config.ts';
import type { CursorStore } from '../../customers/stores/cursors.ts';
import { isCustomerGone } from '../../stripe/faults.ts';
import { createPace } from '../../stripe/pace.ts';
import type { Shell } from '../shell.ts';
import type { LeftOut } from './left-out.ts';
import type { Writer } from './operator-key.ts';
import { forEachPage, pagesOf } from './pages.ts';
import type { Found } from './plan.ts';
import { refuse, type MappingFile, type Refusal } from './read-file.ts';

// Customers that are read and written at the same time, and after how many D1 notes how far it is.
const AT_ONCE = 8;
const PAGE = 40;

// A read and perhaps a write for each customer. Every write becomes a webhook, of which the Worker
// takes eight a second in live mode (WEBHOOK_LIMIT).
export const CUSTOMERS_A_SECOND = 8;
const PACE = { burst: 2 * AT_ONCE, perSecond: 2 * CUSTOMERS_A_SECOND };

export type MetadataSources = Writer & { config: Config; cursors: CursorStore };

/**
 * Writes subjects into the metadata of customers at Stripe. D1 keeps how far it has come in this
 * file, so that a run after Ctrl-C goes on there. Customers that were not written are appended to
 * the list.
 *
 * @returns how many were not written
 * @throws BillingError, Cancelled
 */
export async function writeMetadata(
  shell: Shell,
  { config, cursors, stripe, requests }: MetadataSources,
  file: MappingFile,
  found: Found[],
  leftOut: LeftOut,
  replaces: boolean,
): Promise<number> {
  const { livemode, customerMetadataKey } = config;
  const run = createHash('sha256')
    .update(`${customerMetadataKey} ${replaces} `)
    .update(file.bytes)
    .digest('hex');
  const cursor = (await cursors.read(livemode)).get('import')?.split(' ') ?? [];
  const reached = cursor[0] === run ? Number(cursor[1]) : 0;
  if (reached === 0) leftOut.write([]);
  else shell.print(`Going on behind line ${reached}: what comes before it is done.\n`);
  const pace = createPace(PACE, shell.wait);
  let refused = 0;
  const pages = pagesOf(
    found.filter(({ line }) => line > reached),
    PAGE,
  );
  await forEachPage(shell, livemode, pages, 'customers have their metadata', async (page) => {
    const left: Refusal[] = [];
    for (const group of pagesOf(page, AT_ONCE)) {
      const reasons = await Promise.all(
        group.map(async (each) => writeSubject(stripe, each, customerMetadataKey, replaces)),
      );
      for (const [index, reason] of reasons.entries()) {
        const each = group[index];
        if (each && reason !== undefined) left.push(refuse(each, reason));
      }
      await pace(requests());
    }
    leftOut.append(left);
    refused += left.length;
    await cursors.move([['import', `${run} ${page.at(-1)?.line}`]], livemode);
  });
  await cursors.move([['import', '']], livemode);
  return refused;
}

/** Returns why the customer was not written; undefined if Stripe has the subject now. */
async function writeSubject(
  stripe: Stripe,
  { id, subject }: Found,
  metadataKey: string,
  replaces: boolean,
): Promise<string | undefined> {
  try {
    const customer = await stripe.customers.retrieve(id);
    if (customer.deleted) return GONE;
    const present = customer.metadata[metadataKey];
    if (present === subject) return undefined;
    if (present && !replaces) return `Stripe says ${present}, which --replace changes`;
    await stripe.customers.update(id, { metadata: { [metadataKey]: subject } });
    return undefined;
  } catch (error) {
    if (isCustomerGone(error)) return GONE;
    throw error;
  }
}

const GONE = 'Stripe has no such customer';
