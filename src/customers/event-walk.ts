import type { Stripe } from 'stripe';
import * as v from 'valibot';
import { log } from '../telemetry/log.ts';
import { isMissing } from '../stripe/faults.ts';
import type { Budget } from './budget.ts';
import { EVENT_TYPES, leadOf } from './events.ts';
import { fillStart } from './fill.ts';
import type { SyncSources } from './sync.ts';

const PAGE = 100;
const PAGE_COST = 4;

// Stripe keeps events for 30 days: https://docs.stripe.com/api/events
const REACH_SECONDS = 30 * 86_400;

/**
 * Walks Stripe's events from the cursor to the present. Each customer that a page names is noted
 * as unsynced in one transaction with the cursor, which therefore never passes an event that
 * left no trace. Where the events do not reach back to the cursor, all customers are walked.
 *
 * @returns how many events were taken note of
 */
export async function walkEvents(sources: SyncSources, budget: Budget, now: Date): Promise<number> {
  const { stripe, customers, config } = sources;
  const name = `events:${config.livemode ? 'live' : 'test'}`;
  const readAt = Math.floor(now.getTime() / 1000);
  let cursor = parse((await customers.readCursors([name])).get(name));
  if (!cursor || readAt - cursor.readAt > REACH_SECONDS) {
    if (cursor) log('error', { event: 'events_out_of_reach' });
    await begin();
    return 0;
  }
  let seen = 0;
  while (budget.allows(PAGE_COST)) {
    const page = await pageAfter(stripe, cursor.id);
    if (!page) {
      log('error', { event: 'events_out_of_reach' });
      await begin();
      return seen;
    }
    const leads = page.data.map((event) => leadOf(event)?.id);
    const ids = [...new Set(leads.filter((id) => id !== undefined))];
    cursor = { id: page.data[0]?.id ?? cursor.id, readAt };
    await customers.takeTicketsAndMove(ids, config.livemode, name, JSON.stringify(cursor));
    seen += page.data.length;
    if (!page.has_more) break;
  }
  return seen;

  // What changes while the customers are walked is then found by the cursor.
  async function begin(): Promise<void> {
    const { data } = await stripe.events.list({ limit: 1, types: EVENT_TYPES });
    const present = JSON.stringify({ id: data[0]?.id ?? null, readAt });
    await customers.moveCursors([[name, present], ...fillStart(config.livemode)]);
  }
}

/**
 * The next page towards the present. An event of a quiet account may have aged out of the list
 * although nothing came after it: then everything in the list is new. Null when that is more
 * than a page, so that its beginning cannot be told.
 */
async function pageAfter(
  stripe: Stripe,
  id: string | null,
): Promise<Stripe.ApiList<Stripe.Event> | null> {
  const common = { limit: PAGE, types: EVENT_TYPES };
  try {
    if (id !== null) return await stripe.events.list({ ...common, ending_before: id });
  } catch (error) {
    if (!isMissing(error, 'event')) throw error;
  }
  const newest = await stripe.events.list(common);
  return newest.has_more ? null : newest;
}

const CursorSchema = v.object({ id: v.nullable(v.string()), readAt: v.number() });

/** The last event that was taken note of, and when (Unix seconds) the list was last read. */
type Cursor = v.InferOutput<typeof CursorSchema>;

function parse(value: string | undefined): Cursor | null {
  return value === undefined ? null : v.parse(CursorSchema, JSON.parse(value));
}
