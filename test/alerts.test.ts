import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { catalogue } from '../src/errors/catalogue.ts';
import page from '../src/telemetry/ALERTS.md?raw';
import { skipTries } from './clock.ts';
import { brokenDatabase } from './database.ts';
import { listen } from './log.ts';
import { createWorld, SIGNED_OUT, type World } from './world.ts';

const sources = import.meta.glob(['../src/**/*.{ts,tsx}', '!../src/cli/**'], {
  query: '?raw',
  import: 'default',
  eager: true,
}) as Record<string, string>;

const logSource = sources['../src/telemetry/log.ts']!;
const traceSource = sources['../src/telemetry/trace.ts']!;
const others = Object.values(sources).filter((source) => source !== logSource);

const allIn = (text: string, pattern: RegExp) =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].toSorted();

/** The cells of the table whose first column is called so, row by row. */
function rowsOf(column: string): string[][] {
  const table = page.match(/^\|.*\|\n(?:\|.*\|\n)+/gm)!.find((text) => {
    return new RegExp(`^\\| *${column} *\\|`).test(text);
  })!;
  const [, , ...lines] = table.trimEnd().split('\n');
  return lines.map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
const named = (column: string) => rowsOf(column).map(([name = '']) => name.replaceAll('`', ''));

const events = allIn(others.join('\n'), /\bevent: '(\w+)'/g);
const [, union = ''] = /export type Outcome =([^;]*);/.exec(traceSource)!;
const outcomes = allIn(union, /'(\w+)'/g);

describe('the page of alerts', () => {
  it('explains each event that the code writes, and no other', () => {
    expect(named('event').toSorted()).toEqual(events);
    // Nor does the log allow one that nothing writes.
    expect(allIn(logSource, /\bevent: '(\w+)'/g)).toEqual(events);
  });

  it('explains each outcome that is no code, and no other', () => {
    expect(named('outcome').toSorted()).toEqual(outcomes);
  });

  it('filters by fields and values that lines of the log have', () => {
    const values: Record<string, string[]> = {
      event: events,
      outcome: [...outcomes, ...Object.keys(catalogue)],
      code: Object.keys(catalogue),
      status: ['500'],
    };
    const filters = rowsOf('alert').flatMap(([, filter = '', show = '']) => [
      ...filter.matchAll(/`(\w+)` (?:[=≥] `(\w+)`|exists)/g),
      ...show.matchAll(/`(\w+)`()/g),
    ]);
    expect(filters.length).toBeGreaterThan(15);
    for (const [, field = '', value] of filters) {
      expect(logSource).toMatch(new RegExp(`\\b${field}:`));
      if (value) expect(values[field]).toContain(value);
    }
  });
});

type Point = { indexes: string[]; blobs: string[]; doubles: number[] };
type Row = Record<string, string | number>;

const HOUR = 3600;

describe('the page’s SQL', () => {
  let world: World;
  let rows: Row[];
  /** How long ago the next requests were, and for how many each of them stands. */
  let written: { ago: number; interval: number };

  beforeEach(async () => {
    rows = [];
    written = { ago: 60, interval: 1 };
    const writeDataPoint = ({ indexes, blobs, doubles }: Point) => {
      const numbered = (name: string, values: (string | number)[]) =>
        values.map((value, index) => [`${name}${index + 1}`, value]);
      rows.push({
        timestamp: Math.floor(Date.now() / 1000) - written.ago,
        _sample_interval: written.interval,
        ...Object.fromEntries([
          ...numbered('index', indexes),
          ...numbered('blob', blobs),
          ...numbered('double', doubles),
        ]),
      });
    };
    world = await createWorld({ METRICS: { writeDataPoint } });
    listen('info');
    listen('error');
  });

  const columns = ['index1', 'blob1', 'blob2', 'double1', 'double2', 'double3', 'double4'];

  /** Runs a query of the page on what the Worker wrote, in SQLite's words. */
  async function ask(beginning: string): Promise<Row> {
    const queries = [...page.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, text = '']) => text);
    const query = queries.find((text) => text.includes(beginning))!;
    const UNITS = { MINUTE: 60, HOUR };
    const translated = query
      .replaceAll(/sumIf\((\w+), (.*?)\)(?= [*A])/g, 'coalesce(sum(iif($2, $1, 0)), 0)')
      .replaceAll(/NOW\(\) - INTERVAL '(\d+)' (MINUTE|HOUR)/g, (_all, count, unit) =>
        String(Math.floor(Date.now() / 1000) - Number(count) * UNITS[unit as keyof typeof UNITS]),
      );
    const names = ['timestamp', '_sample_interval', ...columns];
    const table = names.map((name) => `value ->> '${name}' as ${name}`).join(', ');
    const text = `with portal_link as (select ${table} from json_each(?)) ${translated}`;
    return (await env.DB.prepare(text).bind(JSON.stringify(rows)).first<Row>())!;
  }

  const click = async () =>
    world.visit('/billing/manage', { headers: (await world.somebody()).browser });
  const failNext = (status: number, times = 3) =>
    world.stripe.faults.order({ path: '/v1/billing_portal/sessions', times, status });

  it('names the columns that the code writes', async () => {
    await click();
    expect(Object.keys(rows[0]!).slice(2)).toEqual(columns);
    expect(named('column')).toEqual(columns);
    expect(rows[0]).toMatchObject({
      index1: 'GET /billing/manage',
      blob1: 'session_opened',
      blob2: '303',
    });
    const inQueries = allIn(page, /\b((?:index|blob|double)\d+)\b/g);
    expect(columns).toEqual(expect.arrayContaining(inQueries));
  });

  it('counts what failed, and neither a refused prefetch nor a health check', async () => {
    for (let count = 0; count < 3; count += 1) await click();
    failNext(500);
    await click();
    await world.visit('/billing/manage', { headers: { ...SIGNED_OUT, 'sec-purpose': 'prefetch' } });
    world.configure({ DB: brokenDatabase('D1_ERROR: overloaded') });
    await world.visit('/healthz');
    expect(rows.map(({ blob2 }) => blob2)).toEqual(['303', '303', '303', '503', '503', '503']);
    // SQLite divides whole numbers.
    expect(await ask('AS percent')).toEqual({ percent: Math.floor(100 / 6) });
  });

  it('lets a row stand for as many requests as it is a sample of', async () => {
    await click();
    written.interval = 9;
    failNext(500);
    await click();
    expect(await ask('AS percent')).toEqual({ percent: 90 });
    written = { ago: 16 * 60, interval: 1 };
    await click();
    expect(await ask('AS percent')).toEqual({ percent: 90 });
  });

  it('knows a wrong secret from a stranger', async () => {
    await world.visit('/api/stripe/webhook', { method: 'POST', body: '{}' });
    expect(await ask('AS refused')).toEqual({ refused: 1, accepted: 0 });
  });

  it('compares the visitors without a customer with those of a day before', async () => {
    const stranger = await world.visitor('nobody');
    const come = async (ago: number) => {
      written.ago = ago;
      await world.visit('/billing/manage', { headers: stranger.browser });
    };
    for (const ago of [60, 120, 2 * HOUR, 24 * HOUR + 60, 26 * HOUR]) await come(ago);
    expect(rows.map(({ blob1 }) => blob1)).toEqual(Array(5).fill('customer_not_found'));
    expect(await ask('AS this_hour')).toEqual({ this_hour: 2, day_before: 1 });
  });

  it('counts Stripe’s rate limit, and averages a redirect', async () => {
    await click();
    skipTries();
    failNext(429, 4);
    await click();
    expect(await ask('AS limited')).toEqual({ limited: 1 });
    expect(await ask('AS stripe')).toEqual({
      total: expect.any(Number),
      d1: expect.any(Number),
      stripe: expect.any(Number),
    });
  });
});
