import type { Stripe } from 'stripe';
import * as v from 'valibot';
import { isCursorGone } from '../stripe/faults.ts';
import { log } from '../telemetry/log.ts';
import type { Budget } from './budget.ts';
import { EVENT_TYPES, leadOf } from './events.ts';
import { FILL_START } from './fill.ts';
import type { Cursors } from './stores/cursors.ts';
import type { SyncSources } from './sync.ts';

const PAGE = 100;
const PAGE_COST = 4;

// Stripe keeps events for 30 days: https://docs.stripe.com/api/events
const REACH_SECONDS = 30 * 86_400;

type EventPage = Stripe.ApiList<Stripe.Event>;

/** How many events were read, and where all walks stand now. */
export type EventWalk = { seen: number; cursors: Cursors };

/**
 * Walks Stripe's events from the cursor to the present. One transaction marks the customers that
 * a page names as unsynced and moves the cursor, so the cursor never passes an unmarked event.
 * When the events no longer reach back to the cursor, all customers are walked again.
 */
export async function walkEvents(
  sources: SyncSources,
  cursors: Cursors,
  budget: Budget,
  now: Date,
): Promise<EventWalk> {
  const { stripe, stores, config } = sources;
  const readAt = Math.floor(now.getTime() / 1000);
  const start = parse(cursors.get('events'));
  if (!start) return { seen: 0, cursors: await beginWalks(sources, cursors, readAt) };
  let cursor: Cursor = start;
  let seen = 0;
  while (budget.allows(PAGE_COST)) {
    const isInReach = readAt - cursor.readAt <= REACH_SECONDS;
    const page: EventPage | null = isInReach ? await pageAfter(stripe, cursor.id) : null;
    if (!page) {
      log('error', { event: 'events_out_of_reach' });
      return { seen, cursors: await beginWalks(sources, cursors, readAt) };
    }
    const leads = page.data.map((event) => leadOf(event)?.id);
    const ids = [...new Set(leads.filter((id) => id !== undefined))];
    cursor = { id: page.data[0]?.id ?? cursor.id, readAt };
    await stores.syncs.takeTicketsAndMove(ids, config.livemode, 'events', JSON.stringify(cursor));
    seen += page.data.length;
    if (!page.has_more) break;
  }
  return { seen, cursors };
}

/** Starts all walks. The events' cursor comes first: it covers what changes during the fill. */
async function beginWalks(
  { stripe, stores, config }: SyncSources,
  cursors: Cursors,
  readAt: number,
): Promise<Cursors> {
  const { data } = await stripe.events.list({ limit: 1, types: EVENT_TYPES });
  const present = JSON.stringify({ id: data[0]?.id ?? null, readAt });
  await stores.cursors.move([['events', present], ...FILL_START], config.livemode);
  return new Map([...cursors, ['events', present], ...FILL_START]);
}

/**
 * The next page towards the present. In a quiet account the cursor's event may have aged out
 * although nothing followed it: everything in the list is new then. Null when that is more than
 * one page, because its beginning is unknown.
 */
async function pageAfter(stripe: Stripe, id: string | null): Promise<EventPage | null> {
  const common = { limit: PAGE, types: EVENT_TYPES };
  try {
    if (id !== null) return await stripe.events.list({ ...common, ending_before: id });
  } catch (error) {
    if (!isCursorGone(error)) throw error;
  }
  const newest = await stripe.events.list(common);
  return newest.has_more ? null : newest;
}

const CursorSchema = v.object({ id: v.nullable(v.string()), readAt: v.number() });

/** The last event that was read, and when (Unix seconds) the list was last read. */
type Cursor = v.InferOutput<typeof CursorSchema>;

function parse(value: string | undefined): Cursor | null {
  return value === undefined ? null : v.parse(CursorSchema, JSON.parse(value));
}
