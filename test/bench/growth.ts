import { createBudget } from '../../src/customers/budget.ts';
import { reconcile } from '../../src/customers/reconcile.ts';
import { createImportStore } from '../../src/customers/stores/imports.ts';
import { createStores } from '../../src/customers/stores/index.ts';
import { syncCustomer } from '../../src/customers/sync.ts';
import { browse, load, type Call } from './load.ts';
import { interleave, number, ratio, summarise } from './measure.ts';
import type { Group, Row } from './report.ts';
import { createCustomers, startSite, startStandIn, tokenFor, type Site } from './site.ts';
import { countRows } from '../rows-read.ts';
import { delivery } from './delivery.ts';

const CHUNK = 100_000;
const ROUNDS = 9;
const WARM_UP = 2;
const CALLS = 40;
// So many that nobody reaches the limit of sessions that a person may open in a minute.
const CUSTOMERS = 50;

const KINDS = ['redirect', 'page', 'webhook', 'cron', 'backlog', 'checkouts', 'import'] as const;
type Kind = (typeof KINDS)[number];
// A run reads few a second, which leaves visitors their part of Stripe's limits.
const waitingCount = () => number(30, 2);

/** The same work with a thousand customers in D1, and with a million. */
export async function growth(): Promise<Group> {
  const sizes = [1_000, number(1_000_000, 2_000)];
  const standIn = await startStandIn();
  const sites: Site[] = [];
  for (const size of sizes) {
    const site = await startSite('worker', standIn);
    await fill(site.database, size);
    sites.push(site);
  }
  const customers = await createCustomers(standIn.stripe, sites, CUSTOMERS);
  const calls: Record<Kind, (Call & { status: number })[]> = {
    redirect: [],
    page: [],
    webhook: [],
    cron: [],
    backlog: [],
    checkouts: [],
    import: [],
  };
  for (const { subject } of customers) {
    const token = await tokenFor(subject);
    calls.redirect.push({ ...browse('/billing/manage', token), status: 303 });
    calls.page.push({ ...browse('/billing', token), status: 200 });
  }
  // The first run only takes note of where Stripe's events are.
  for (const site of sites) await site.runCron();

  const rows: Row[] = [];
  for (const kind of KINDS) {
    // A signature is good for five minutes.
    if (kind === 'webhook') calls.webhook = await deliveriesOf(customers);
    const bySize = Object.fromEntries(
      sizes.map((size, index) => [
        String(size),
        async () => timeWork(kind, sites[index]!, calls[kind], customers),
      ]),
    );
    const times = await interleave(bySize, ROUNDS, WARM_UP);
    for (const [index, size] of sizes.entries()) {
      rows.push({
        what: `${titles()[kind]}, ${size.toLocaleString('en')} customers`,
        value: summarise(times[String(size)]!),
        unit: 'ms',
        ratio: ratio(times[String(size)]!, times[String(sizes[0])]!),
        to: '1,000',
        note: `rows_read ${await rowsRead(kind, sites[index]!.database, standIn.stripe, customers)}`,
      });
    }
  }
  standIn.stop();
  await Promise.all(sites.map(async (site) => site.stop()));
  return { name: 'Growth (under workerd, whole requests one at a time)', rows };
}

const titles = (): Record<Kind, string> => ({
  redirect: 'redirect',
  page: 'page',
  webhook: 'webhook',
  cron: 'run of the cron job',
  backlog: `run of the cron job while ${waitingCount()} wait`,
  checkouts: 'page of the walk of checkouts',
  import: `import of ${CUSTOMERS} lines, half of them by address`,
});

type Person = { id: string; subject: string };

async function timeWork(
  kind: Kind,
  site: Site,
  calls: (Call & { status: number })[],
  customers: Person[],
): Promise<number> {
  if (kind === 'backlog') await letWait(site.database, customers);
  if (kind === 'backlog' || kind === 'cron') return timed(site.runCron);
  if (kind === 'import') return timed(async () => importLines(site.database, customers));
  if (kind !== 'checkouts') return timeCalls(site, calls);
  return timed(async () => mapByCheckouts(site.database, customers));
}

const deliveriesOf = async (customers: Person[]) =>
  Promise.all(customers.map(async ({ id }) => ({ ...(await delivery(id)), status: 200 })));

async function letWait(database: D1Database, customers: Person[]): Promise<void> {
  const ids = customers.slice(0, waitingCount()).map(({ id }) => id);
  await database
    .prepare(
      `update customers set sync_ticket = sync_ticket + 1, due_at = 1
       where id in (select value from json_each(?))`,
    )
    .bind(JSON.stringify(ids))
    .run();
}

// As many as on two pages of Stripe's, half of them known to D1 already.
async function mapByCheckouts(database: D1Database, customers: Person[]): Promise<void> {
  const news = customers.map(({ subject }, index) => ({ id: `cus_new${index}`, subject }));
  await createStores(database).listed.mapByCheckouts([...customers, ...news], false);
}

async function importLines(database: D1Database, customers: Person[]): Promise<void> {
  const imports = createImportStore(database);
  const half = customers.slice(0, CUSTOMERS / 2);
  await imports.findByIds(
    half.map(({ id }) => id),
    false,
  );
  await imports.findByAddresses(
    half.map((_, index) => `${index}@example.com`),
    false,
  );
  await imports.map(customers, false, false);
}

/** Made by SQLite itself: a row a customer, and one for its subscription. */
async function fill(database: D1Database, size: number): Promise<void> {
  const numbers = `with recursive numbers (n) as (
    select ?1 union all select n + 1 from numbers where n + 1 < ?2)`;
  for (let from = 0; from < size; from += CHUNK) {
    const to = Math.min(size, from + CHUNK);
    const statements = [
      `insert into customers (id, subject, email, livemode, created_at, sync_ticket, synced_ticket)
       ${numbers} select 'cus_' || n, 'user_' || n, n || '@example.com', 0, n, 1, 1 from numbers`,
      `insert into subscriptions (id, customer_id, status, items, paused, created_at)
       ${numbers} select 'sub_' || n, 'cus_' || n, 'active', '[]', 0, n from numbers`,
    ];
    for (const statement of statements) await database.prepare(statement).bind(from, to).run();
  }
}

/** Milliseconds a call, one at a time. */
async function timeCalls(site: Site, calls: (Call & { status: number })[]): Promise<number> {
  let sent = 0;
  const { p50 } = await load(site.origin, {
    connections: 1,
    milliseconds: 60_000,
    status: calls[0]!.status,
    nextCall: () => {
      sent += 1;
      return sent > CALLS ? undefined : calls[sent % calls.length];
    },
  });
  return p50;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** What D1 bills for it. */
async function rowsRead(
  kind: Kind,
  database: D1Database,
  stripe: import('stripe').Stripe,
  customers: Person[],
): Promise<number> {
  const { id, subject } = customers[0]!;
  const counted = countRows(database);
  const stores = createStores(counted.database);
  const config = { livemode: false, customerMetadataKey: 'user_id' };
  const sources = { stripe, stores, config };
  const now = new Date();
  const log = console.info;
  console.info = () => {};
  if (kind === 'redirect') await stores.customers.findBySubjects([subject], false, 'nearest');
  if (kind === 'page') await stores.customers.findBySubjects([subject], false, 'primary');
  if (kind === 'webhook') await syncCustomer(id, sources, now);
  if (kind === 'backlog') await letWait(database, customers);
  if (kind === 'checkouts') await mapByCheckouts(counted.database, customers);
  if (kind === 'import') await importLines(counted.database, customers);
  if (kind === 'cron' || kind === 'backlog') await reconcile(sources, createBudget(50), now);
  console.info = log;
  return counted.rowsRead();
}
