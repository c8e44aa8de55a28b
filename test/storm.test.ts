import { env } from 'cloudflare:workers';
import { beforeEach, expect, it } from 'vitest';
import { emptyTables } from './database.ts';
import { collectEvents } from './deliver.ts';
import { createLimiter } from './limiter.ts';
import { listen } from './log.ts';
import { createWorld, type World } from './world.ts';

// Of wrangler.toml. Where the number does not matter, a smaller one takes less time.
const AT_ONCE = 100;
const FEW = 10;

let world: World;

beforeEach(async () => {
  await emptyTables(env.DB);
  const limits = {
    WEBHOOK_LIMIT: createLimiter('WEBHOOK_LIMIT', FEW),
    SESSION_LIMIT: createLimiter('SESSION_LIMIT'),
  };
  world = await createWorld({ CRON_SUBREQUESTS: '1000', ...limits });
  await world.runCron();
});

/** A bulk change: each customer gets a new name, and Stripe tells of all of them at once. */
async function storm(allowed = FEW): Promise<string[]> {
  const customers = Array.from({ length: allowed + 20 }, (_, number) => {
    const subject = `bulk ${number}`;
    const { id } = world.stripe.create('/v1/customers', { metadata: { user_id: subject } });
    return { id, subject, name: 'Old' };
  });
  await world.keepAll(customers);
  const ids = customers.map(({ id }) => id);
  const events = collectEvents(world);
  for (const id of ids) await world.api.customers.update(id, { name: 'New' });
  expect(await events.deliverAll()).toEqual([200]);
  return ids;
}

const nameOf = async (id: string) => (await world.row(id))?.['name'];

it('a storm of webhooks is answered with tickets above the limit, which the cron job honours', async () => {
  const lines = listen('info');
  world.configure({ WEBHOOK_LIMIT: createLimiter('WEBHOOK_LIMIT') });
  const ids = await storm(AT_ONCE);
  const [synced, noted] = [ids[0]!, ids.at(-1)!];
  expect([await nameOf(synced), await nameOf(noted)]).toEqual(['New', 'Old']);
  expect(world.callsTo(`/v1/customers/${noted}`).filter(({ method }) => method === 'GET')).toEqual(
    [],
  );
  expect(lines().at(-1)).toMatchObject({ outcome: 'event_noted', status: 200 });
  await world.runCron();
  expect(lines().at(-1)).toMatchObject({ event: 'reconciled', synced: 20, backlog: 0 });
  expect(await nameOf(noted)).toBe('New');
});

it('a storm of webhooks keeps nobody from their portal, who reads that the page may be old', async () => {
  await storm();
  const { browser } = await world.visitor(`bulk ${FEW + 19}`);
  const page = await (await world.visit('/billing', { headers: browser })).text();
  expect(page).toContain('This may be a few minutes old');
  expect((await world.visit('/billing/manage', { headers: browser })).status).toBe(303);
});

it('a delivery above the limit costs one statement, and no call where it names the customer', async () => {
  const ids = await storm();
  const events = collectEvents(world);
  await world.api.customers.update(ids[0]!, { name: 'Newer' });
  const calls = world.stripe.requests.length;
  world.queries.length = 0;
  await events.deliverAll();
  expect(world.stripe.requests).toHaveLength(calls);
  expect(world.queries).toHaveLength(1);
});
