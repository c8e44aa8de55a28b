import type { Stripe } from 'stripe';
import * as v from 'valibot';
import { isCursorGone } from '../stripe/faults.ts';
import { log } from '../telemetry/log.ts';
import type { Budget } from './budget.ts';
import { EVENT_TYPES, leadOf } from './events.ts';
import { FILL_START } from './fill.ts';
import { noteRenames } from './renames.ts';
import type { Cursors, Move } from './stores/cursors.ts';
import type { Mention } from './stores/syncs.ts';
import type { SyncSources } from './sync.ts';

const PAGE = 100;
const PAGE_COST = 4;

// Stripe keeps events for 30 days: https://docs.stripe.com/api/events
const REACH_SECONDS = 30 * 86_400;

// The list of events is eventually consistent. The cursor stays behind by this much, and what
// comes after it is read again.
const OVERLAP_SECONDS = 300;

// A webhook could do nothing about a product: its subscriptions are too many for one request.
const WALKED_TYPES: string[] = [...EVENT_TYPES, 'product.updated'];

type EventPage = Stripe.ApiList<Stripe.Event>;

/** How many events were read, where all walks stand now, and what time the events have reached. */
export type EventWalk = { seen: number; cursors: Cursors; readUntil: number };

/**
 * Walks Stripe's events from the cursor to the present. One transaction takes tickets for the
 * customers that a page names, unless a sync covers the event already, and moves the cursor. So
 * the cursor never passes an event without a ticket. When the events no longer reach back to the
 * cursor, all customers are walked again.
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
  const reached: EventWalk = { seen: 0, cursors, readUntil: readAt };
  if (!start) return { ...reached, cursors: await beginWalks(sources, cursors, now) };
  let cursor: Cursor = start;
  // Where the next page begins. The cursor itself stays behind.
  let after = start.id;
  while (budget.allows(PAGE_COST)) {
    const isInReach = readAt - cursor.readAt <= REACH_SECONDS;
    const page: EventPage | null = isInReach ? await pageAfter(stripe, after) : null;
    if (!page) {
      log('error', { event: 'events_out_of_reach' });
      return { ...reached, cursors: await beginWalks(sources, cursors, now) };
    }
    // Newest first. The walk does not come by settled events again.
    const settled = page.data.filter(({ created }) => created <= readAt - OVERLAP_SECONDS);
    cursor = { id: settled[0]?.id ?? cursor.id, readAt };
    const moves: Move[] = [
      ['events', JSON.stringify(cursor)],
      ...noteRenames(reached.cursors, settled),
    ];
    reached.cursors = new Map([...reached.cursors, ...moves]);
    await stores.syncs.takeOnAndMove(mentionsIn(page.data), config.livemode, now, moves);
    reached.seen += page.data.length;
    const [newest] = page.data;
    if (!page.has_more || !newest) return { ...reached, readUntil: readAt };
    after = newest.id;
    reached.readUntil = newest.created;
  }
  return reached;
}

function mentionsIn(events: Stripe.Event[]): Mention[] {
  return events.flatMap((event) => {
    const lead = leadOf(event);
    return lead ? { id: lead.id, event: event.id, at: event.created } : [];
  });
}

/**
 * Starts all walks. The events' cursor comes first: it covers what changes during the fill.
 *
 * @returns where all walks stand now
 */
export async function beginWalks(
  { stripe, stores, config }: SyncSources,
  cursors: Cursors,
  now: Date,
): Promise<Cursors> {
  const { data } = await stripe.events.list({ limit: 1, types: WALKED_TYPES });
  const cursor: Cursor = { id: data[0]?.id ?? null, readAt: Math.floor(now.getTime() / 1000) };
  const moves: Move[] = [['events', JSON.stringify(cursor)], ...FILL_START];
  await stores.cursors.move(moves, config.livemode);
  return new Map([...cursors, ...moves]);
}

/**
 * The next page towards the present. In a quiet account the cursor's event may have aged out
 * although nothing followed it: everything in the list is new then. Null when that is more than
 * one page, because its beginning is unknown.
 */
async function pageAfter(stripe: Stripe, id: string | null): Promise<EventPage | null> {
  const common = { limit: PAGE, types: WALKED_TYPES };
  try {
    if (id !== null) return await stripe.events.list({ ...common, ending_before: id });
  } catch (error) {
    if (!isCursorGone(error)) throw error;
  }
  const newest = await stripe.events.list(common);
  return newest.has_more ? null : newest;
}

const CursorSchema = v.object({ id: v.nullable(v.string()), readAt: v.number() });

/** The last settled event that was read, and when (Unix seconds) the list was last read. */
type Cursor = v.InferOutput<typeof CursorSchema>;

function parse(value: string | undefined): Cursor | null {
  return value === undefined ? null : v.parse(CursorSchema, JSON.parse(value));
}
