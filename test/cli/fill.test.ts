import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { processShell } from '../../src/cli/process-shell.ts';
import { fillState } from '../../src/customers/fill.ts';
import { createStores } from '../../src/customers/stores/index.ts';
import { createOperatorStore } from '../../src/customers/stores/operator.ts';
import { emptyTables } from '../database.ts';
import { setUp } from './diagnose.ts';
import { migratedDatabase } from './migrated-database.ts';
import { migrations } from './local-database.ts';
import { fillIn, openWorkplace, type Workplace } from './workplace.ts';

let opened: Awaited<ReturnType<typeof migratedDatabase>>;
let database: D1Database;
let workplace: Workplace;
beforeAll(async () => {
  opened = await migratedDatabase();
  ({ database } = opened);
});
afterAll(async () => opened.close());
beforeEach(async () => {
  await emptyTables(database);
  workplace = await openWorkplace(database);
  fillIn(workplace);
});
afterEach(async () => workplace.close());

const key = () => ({ STRIPE_SECRET_KEY: workplace.key });
const fill = async (...words: string[]) => workplace.run(['fill', ...words], key());
const overview = async () => createOperatorStore(database).overview(false);
const state = async () => fillState(await createStores(database).cursors.read(false));

async function createCustomers(count: number, first = 0) {
  for (let number = first; number < first + count; number += 1) {
    await workplace.api.customers.create({
      name: `Customer ${number}`,
      metadata: { user_id: `user_${number}` },
    });
  }
}

async function subscribe(customer: string, metadata: Record<string, string> = {}) {
  const product = await workplace.api.products.create({ name: 'Plan' });
  const price = await workplace.api.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 900,
    recurring: { interval: 'month' },
  });
  return workplace.api.subscriptions.create({ customer, items: [{ price: price.id }], metadata });
}

/** Walks with Ctrl-C as soon as the first page is shown. */
async function interrupted(...words: string[]) {
  const { shell, printed } = workplace.createShell(key());
  let interrupt = () => {};
  const { print } = shell;
  shell.onInterrupt = (listener) => {
    interrupt = listener;
    return () => {};
  };
  shell.print = (text) => {
    print(text);
    if (text.includes(' walked;')) interrupt();
  };
  return { status: await main(['fill', ...words], shell), ...printed };
}

/** Requests for a list of Stripe's, without the probe of the key. */
const pages = (path: string, since = 0) =>
  workplace.stripe.requests
    .slice(since)
    .filter((each) => each.method === 'GET' && each.path === path)
    .map(({ parameters }) => parameters)
    .filter(({ limit }) => limit !== '1');

describe('npm run fill', () => {
  it('walks all customers, subscriptions and checkouts to the end', async () => {
    const early = await workplace.api.customers.create({ name: 'By a subscription' });
    await subscribe(early.id, { user_id: 'subscriber' });
    const buyer = await workplace.api.customers.create({ name: 'By a checkout' });
    workplace.stripe.state.completeCheckout({ customer: buyer.id, client_reference_id: 'buyer' });
    await createCustomers(240);
    const run = await fill();
    expect(run).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(
        'The first fill is complete. D1 has 242 customers, 242 of them with a subject.',
      ),
    });
    expect(run.stdout).toContain('242 customers, 1 subscriptions and 1 checkouts walked');
    expect(await state()).toBe('complete');
    const { customers } = createStores(database);
    expect(await customers.findBySubjects(['subscriber'], false, 'primary')).toMatchObject([
      { id: early.id, name: 'By a subscription', subscriptions: [{ status: 'active' }] },
    ]);
    expect(await customers.findBySubjects(['buyer'], false, 'primary')).toMatchObject([
      { id: buyer.id },
    ]);
  });

  it('walks nothing twice', async () => {
    await createCustomers(3);
    await fill();
    const before = workplace.stripe.requests.length;
    expect((await fill()).stdout).toContain('The first fill is complete. D1 has 3 customers');
    expect(pages('/v1/customers', before)).toEqual([]);
  });

  it('stops after a page at Ctrl-C, and the next run goes on there', async () => {
    await createCustomers(230);
    const stopped = await interrupted();
    expect(stopped.status).toBe(130);
    expect(stopped.output).toContain('What was walked is kept.');
    expect(stopped.output).toMatch(/Run the command again to go on/);
    expect(await state()).toBe('running');
    expect((await overview()).customers).toBe(100);

    const before = workplace.stripe.requests.length;
    expect(await fill()).toMatchObject({ status: 0 });
    expect((await overview()).customers).toBe(230);
    const continued = pages('/v1/customers', before);
    expect(continued.length).toBeGreaterThan(0);
    expect(continued.filter((parameters) => !('starting_after' in parameters))).toEqual([]);
  });

  it('runs beside another walker', async () => {
    await createCustomers(250);
    const runs = await Promise.all([fill(), fill()]);
    expect(runs.map(({ status }) => status)).toEqual([0, 0]);
    expect(await state()).toBe('complete');
    expect(await overview()).toMatchObject({ customers: 250, mapped: 250 });
  });

  it('keeps to twenty requests a second', async () => {
    await createCustomers(1);
    const { customers } = workplace.stripe.state;
    const [model] = customers.values();
    for (let number = 0; number < 1_500; number += 1) {
      customers.set(`cus_${number}`, { ...model!, id: `cus_${number}` });
    }
    const before = workplace.stripe.requests.length;
    vi.useFakeTimers({ toFake: ['Date'] });
    await fill();
    vi.useRealTimers();
    const requests = workplace.stripe.requests.length - before;
    expect(requests).toBeGreaterThan(35);
    // Nothing waits and no time passes here, so the last wait makes up for all before it. A few
    // requests, as of the key, come before the walk.
    const waited = Math.max(0, ...workplace.waits) / 1000;
    expect(waited).toBeGreaterThanOrEqual((requests - 20 - 5) / 20);
  });

  it('shows one line that changes in a terminal', async () => {
    await createCustomers(130);
    const { shell, printed } = workplace.createShell(key());
    shell.isInteractive = true;
    await main(['fill'], shell);
    expect(printed.output).toMatch(/\r100 customers.*walked[^\n]*\r130 customers/);
  });

  it('tries again after a fault that passes', async () => {
    await createCustomers(2);
    workplace.stripe.faults.order({ path: '/v1/subscriptions', status: 503 });
    const run = await fill();
    expect(run.status).toBe(0);
    expect(run.output).toContain('Trying again in 1 s.');
    expect(workplace.waits).toContain(1_000);
  });

  it('does not wait out a pause after Ctrl-C', async () => {
    workplace.stripe.faults.order({ path: '/v1/subscriptions', status: 503, times: 100 });
    const { shell, printed } = workplace.createShell(key());
    let interrupt = () => {};
    shell.onInterrupt = (listener) => {
      interrupt = listener;
      return () => {};
    };
    shell.wait = async (_, signal) => {
      setTimeout(() => interrupt());
      await processShell().wait(600_000, signal);
    };
    expect(await main(['fill'], shell)).toBe(130);
    expect(printed.output).toContain('Trying again in 1 s.');
  });

  it('gives up on a fault that stays, and says what it is', async () => {
    workplace.stripe.faults.order({ path: '/v1/subscriptions', status: 503, times: 100 });
    const run = await fill();
    expect(run.status).toBe(2);
    expect(run.output).toMatch(/✗ .*\(stripe_unavailable\)/);
    expect(workplace.waits.slice(0, 4)).toEqual([1_000, 4_000, 15_000, 60_000]);
  });
});

describe('the key', () => {
  it('may come on standard input', async () => {
    await createCustomers(1);
    const input = new Uint8Array(Buffer.from(`${workplace.key}\n`));
    const run = await workplace.run(['fill', '--key-stdin'], {}, input);
    expect(run).toMatchObject({ status: 0, stdout: expect.stringContaining('D1 has 1 customers') });
  });

  it.each([
    [{}, /STRIPE_SECRET_KEY is missing.*\.dev\.vars.*--key-stdin/],
    [{ STRIPE_SECRET_KEY: 'pk_test_0000000000' }, /publishable key/],
    [{ STRIPE_SECRET_KEY: 'rk_test_of0nobody0000000000' }, /stripe_key_refused/],
  ])('is refused before anything is written: %j', async (given, message) => {
    const run = await workplace.run(['fill'], given);
    expect(run).toMatchObject({ status: 2, output: expect.stringMatching(message) });
    expect(await state()).toBeUndefined();
  });
});

describe('the database of another Stripe account', () => {
  beforeEach(async () => {
    await createCustomers(2);
    await createOperatorStore(database).noteAccount('acct_before', false);
  });

  it('is refused, with the way to begin anew', async () => {
    const run = await fill();
    expect(run).toMatchObject({
      status: 2,
      output: expect.stringMatching(/acct_before.*--begin-anew/),
    });
    expect(run.output).toContain(workplace.stripe.state.account);
    expect(await state()).toBeUndefined();
  });

  it('is walked from the beginning with --begin-anew', async () => {
    await createStores(database).cursors.move(
      [
        ['customers', 'done'],
        ['subscriptions', 'done'],
        ['checkouts', 'done'],
        ['events', '{"id":null,"readAt":1}'],
      ],
      false,
    );
    expect(await fill('--begin-anew')).toMatchObject({ status: 0 });
    expect(await createOperatorStore(database).account(false)).toBe(workplace.stripe.state.account);
    expect(await overview()).toMatchObject({ customers: 2, mapped: 2 });
  });
});

describe('older rows, of which nobody has noted whose they are,', () => {
  const remember = async (...ids: string[]) =>
    database
      .prepare(
        `insert into customers (id, livemode, created_at, sync_ticket, synced_ticket)
          select value, 0, 0, 1, 1 from json_each(?)`,
      )
      .bind(JSON.stringify(ids))
      .run();
  const noted = async () => createOperatorStore(database).account(false);

  it('are taken for another account’s if Stripe has none of them', async () => {
    await createCustomers(1);
    await remember('cus_theirs_1', 'cus_theirs_2', 'cus_theirs_3', 'cus_theirs_4');
    const run = await fill();
    expect(run).toMatchObject({
      status: 2,
      output: expect.stringMatching(/customers of another Stripe account.*--begin-anew/),
    });
    workplace.write('.dev.vars', `STRIPE_SECRET_KEY=${workplace.key}\n`);
    expect(await setUp(workplace)).toMatch(/customers of another Stripe account.*--begin-anew/);
    expect(await noted()).toBeUndefined();
    expect(await fill('--begin-anew')).toMatchObject({ status: 0 });
    expect(await noted()).toBe(workplace.stripe.state.account);
  });

  it('are the key’s own account’s if Stripe has one of them', async () => {
    await createCustomers(1);
    const [own = ''] = workplace.stripe.state.customers.keys();
    await remember('cus_deleted_1', 'cus_deleted_2', own);
    expect(await fill()).toMatchObject({ status: 0 });
    expect(await noted()).toBe(workplace.stripe.state.account);
  });
});

describe('at Cloudflare', () => {
  const remote = async () => fill('--remote');
  const create = () => {
    const { sqlite } = workplace.cloudflare.createDatabase('portal-link');
    for (const statement of migrations()) sqlite.exec(statement);
    return sqlite;
  };

  it('says what is missing', async () => {
    expect((await remote()).output).toMatch(/no D1 database portal-link.*setup -- --remote/);
    workplace.cloudflare.createDatabase('portal-link');
    expect((await remote()).output).toMatch(/D1 lacks tables.*setup -- --remote/);
  });

  it('ranks evidence as the Worker does, though the query API binds numbers as text', async () => {
    const sqlite = create();
    const early = await workplace.api.customers.create({ metadata: { user_id: 'customer' } });
    await subscribe(early.id, { user_id: 'subscription' });
    await createCustomers(100);
    expect(await remote()).toMatchObject({ status: 0 });
    const row = sqlite
      .prepare('select subject, evidence from customers where id = ?')
      .get(early.id);
    expect(row).toEqual({ subject: 'customer', evidence: 70 });
  });

  it('waits as long as Cloudflare asks when there were too many requests', async () => {
    create();
    await createCustomers(2);
    workplace.cloudflare.refusals = 1;
    expect(await remote()).toMatchObject({ status: 0 });
    expect(workplace.waits).toContain(12_000);
  });

  it('stops at Ctrl-C as a process, and can be resumed', async () => {
    const sqlite = create();
    await createCustomers(320);
    const child = execFile(process.execPath, [resolve('src/cli/index.ts'), 'fill', '--remote'], {
      cwd: workplace.directory,
      env: { ...process.env, ...workplace.environment, ...key() },
    });
    let output = '';
    child.stdout!.on('data', (text: string) => {
      output += text;
      if (!child.killed && text.includes(' walked;')) child.kill('SIGINT');
    });
    child.stderr!.on('data', (text: string) => (output += text));
    const status = await new Promise((done) => child.on('exit', done));
    expect(output).toContain('What was walked is kept.');
    expect(status).toBe(130);
    const count = () => sqlite.prepare('select count(*) as customers from customers').get();
    expect(count()).not.toEqual({ customers: 320 });
    expect(await remote()).toMatchObject({ status: 0 });
    expect(count()).toEqual({ customers: 320 });
  });
});

describe('npm run setup', () => {
  it('offers the fill until it is complete', async () => {
    await createCustomers(1);
    workplace.write('.dev.vars', `STRIPE_SECRET_KEY=${workplace.key}\n`);
    expect(await setUp(workplace)).toContain('`npm run fill` reads them from Stripe');
    expect(await fill()).toMatchObject({ status: 0 });
    expect(await setUp(workplace)).not.toContain('npm run fill');
  });

  it('says that D1 has the customers of another account', async () => {
    workplace.write('.dev.vars', `STRIPE_SECRET_KEY=${workplace.key}\n`);
    await createOperatorStore(database).noteAccount('acct_before', false);
    expect(await setUp(workplace)).toMatch(/another Stripe account, acct_before.*--begin-anew/);
  });
});
