import { afterEach, expect, it } from 'vitest';
import { migratedDatabase } from './migrated-database.ts';
import { migrations } from './local-database.ts';
import { ENTER, inTerminal } from './in-terminal.ts';
import { fillIn, openWorkplace, type Workplace } from './workplace.ts';

const ROWS = 200_000;
const OPERATOR = 80;

let workplace: Workplace;
afterEach(async () => workplace.close());

const numbers = `with recursive numbers (n) as (
  select 1 union all select n + 1 from numbers where n < ${ROWS})`;
const CUSTOMERS = `insert into customers (id, email, livemode, created_at, sync_ticket, synced_ticket)
  ${numbers} select 'cus_' || n, 'person' || n || '@example.com', 0, n, 1, 1 from numbers`;
const MAPPED = `select count(*) as count from customers
  where subject = 'user_' || substr(id, 5) and evidence = ${OPERATOR}`;

/** All customers, by their id or address. */
function mapping(by: 'customer' | 'email'): string {
  const named = (number: number) =>
    by === 'customer' ? `cus_${number}` : `person${number}@example.com`;
  const lines = Array.from({ length: ROWS }, (_, index) => `${named(index + 1)},user_${index + 1}`);
  return `${by},subject\n${lines.join('\n')}\n`;
}

async function timed(words: string[], given: Record<string, string> = {}) {
  const began = performance.now();
  const run = await workplace.run(
    ['customer', '--import', 'mapping.csv', '--yes', ...words],
    given,
  );
  return { ...run, seconds: (performance.now() - began) / 1000 };
}

it.each(['customer', 'email'] as const)(
  'maps 200,000 customers by %s on this machine',
  async (by) => {
    const database = await migratedDatabase();
    workplace = await openWorkplace(database);
    fillIn(workplace);
    await database.prepare(CUSTOMERS).run();
    await database
      .prepare(`insert into cursors (name, value) select value || ':test', 'done'
      from json_each('["customers", "subscriptions", "checkouts"]')`)
      .run();
    workplace.write('mapping.csv', mapping(by));
    const run = await timed([], { STRIPE_SECRET_KEY: workplace.key });
    expect(run).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('200,000 customers'),
    });
    expect(await database.prepare(MAPPED).first('count')).toBe(ROWS);
    console.log(`200,000 by ${by}, local D1: ${run.seconds.toFixed(1)} s`);
  },
);

it('maps 200,000 customers at Cloudflare by some hundreds of calls, below its limit', async () => {
  workplace = await openWorkplace();
  fillIn(workplace);
  const { sqlite } = workplace.cloudflare.createDatabase('portal-link');
  for (const statement of migrations()) sqlite.exec(statement);
  sqlite.exec(CUSTOMERS);
  workplace.write('mapping.csv', mapping('customer'));
  const run = await timed(['--remote'], { STRIPE_SECRET_KEY: workplace.key });
  expect(run.status).toBe(0);
  expect(sqlite.prepare(MAPPED).get()).toEqual({ count: ROWS });
  const calls = workplace.cloudflare.requests.length;
  expect(calls).toBeLessThan(500);
  // Nothing waits here, so the last wait makes up for all before it.
  const waits = Math.max(0, ...workplace.waits) / 1000;
  console.log(
    `200,000 at Cloudflare: ${calls} calls, ${(run.seconds + waits).toFixed(0)} s with waits`,
  );
});

it('asks in a terminal, where Enter alone means no', async () => {
  workplace = await openWorkplace();
  fillIn(workplace);
  workplace.write('.dev.vars', `STRIPE_SECRET_KEY=${workplace.key}\n`);
  await workplace.run(['setup', '--yes']);
  const { id } = await workplace.api.customers.create({ name: 'Ada' });
  await workplace.run(['fill']);
  workplace.write('mapping.csv', `customer,subject\n${id},user_1\n`);
  const importing = ['customer', '--import', 'mapping.csv'];
  const asked = async (answer: string) => inTerminal(workplace, importing, () => answer);
  expect((await asked(ENTER)).screen).toContain('Nothing was changed.');
  expect((await asked('y')).screen).toContain('1 customers were mapped.');
  const shown = await workplace.run(['customer', id]);
  expect(shown.stdout).toMatch(/Subject +user_1, by an operator’s word/);
});
