import { describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { processShell } from '../../src/cli/process-shell.ts';
import { createStores } from '../../src/customers/stores/index.ts';
import { createOperatorStore } from '../../src/customers/stores/operator.ts';
import { interruptAt } from './interrupt.ts';
import { createCustomers, fill, key, overview, state, subscribe } from './filling.ts';
import { setUp } from './diagnose.ts';
import { database, useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { fillIn } from './workplace.ts';

useWorkplaceWithD1(fillIn);

/** Walks with Ctrl-C as soon as the first page is shown. */
async function interrupted(...words: string[]) {
  const { shell, printed } = workplace.createShell(key());
  interruptAt(' walked;', shell);
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
    createCustomers(240);
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
    createCustomers(3);
    await fill();
    const before = workplace.stripe.requests.length;
    expect((await fill()).stdout).toContain('The first fill is complete. D1 has 3 customers');
    expect(pages('/v1/customers', before)).toEqual([]);
  });

  it('stops after a page at Ctrl-C, and the next run goes on there', async () => {
    createCustomers(230);
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
    createCustomers(250);
    const runs = await Promise.all([fill(), fill()]);
    expect(runs.map(({ status }) => status)).toEqual([0, 0]);
    expect(await state()).toBe('complete');
    expect(await overview()).toMatchObject({ customers: 250, mapped: 250 });
  });

  it('keeps to twenty requests a second', async () => {
    createCustomers(1);
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
    createCustomers(130);
    const { shell, printed } = workplace.createShell(key());
    shell.isInteractive = true;
    await main(['fill'], shell);
    expect(printed.output).toMatch(/\r100 customers.*walked[^\n]*\r130 customers/);
  });

  it('tries again after a fault that passes', async () => {
    createCustomers(2);
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
    createCustomers(1);
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

describe('npm run setup', () => {
  it('offers the fill until it is complete', async () => {
    createCustomers(1);
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
