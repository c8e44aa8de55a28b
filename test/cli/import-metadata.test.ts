import { beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { createOperatorStore } from '../../src/customers/stores/operator.ts';
import { createStandIn } from '../stripe/index.ts';
import { interruptAt } from './interrupt.ts';
import { database, useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { LIVE_KEY, fillInWithKey } from './workplace.ts';

const OPERATORS = 'rk_test_importer0000000000000000';
const READERS = 'rk_test_reader000000000000000000';

useWorkplaceWithD1(fillInWithKey);
beforeEach(() => {
  const { keys } = workplace.stripe.state;
  keys.set(OPERATORS, { livemode: false, permissions: new Set(['rak_customer_write']) });
  keys.set(READERS, { livemode: false, permissions: new Set(['rak_customer_read']) });
});

/** Customers at Stripe and in D1, and a mapping of them all: `subject_0`, `subject_1`, … */
async function createCustomers(count: number, metadata: Record<string, string> = {}) {
  const { id: first } = await workplace.api.customers.create({ metadata });
  const { customers } = workplace.stripe.state;
  const model = customers.get(first)!;
  const ids = [first, ...Array.from({ length: count - 1 }, (_, index) => `cus_${index}`)];
  for (const id of ids) customers.set(id, { ...model, id });
  await database
    .prepare(
      `insert into customers (id, livemode, created_at, sync_ticket, synced_ticket)
        select value, 0, 0, 1, 1 from json_each(?)`,
    )
    .bind(JSON.stringify(ids))
    .run();
  const lines = ids.map((id, index) => `${id},subject_${index}\n`);
  workplace.write('mapping.csv', `customer,subject\n${lines.join('')}`);
  return ids;
}

const words = (...more: string[]) => [
  'customer',
  '--import=mapping.csv',
  '--write-metadata',
  '--yes',
  ...more,
];
const write = async (key: string, ...more: string[]) =>
  workplace.run(words(...more), { STRIPE_OPERATOR_KEY: key });
const subjectAtStripe = async (id: string) => {
  const customer = await workplace.api.customers.retrieve(id);
  return customer.deleted ? undefined : customer.metadata['user_id'];
};
const calls = (since = 0) =>
  workplace.stripe.requests
    .slice(since)
    .filter(({ path }) => /^\/v1\/customers\/cus_(?!import0)/.test(path));
const writes = (since = 0) => calls(since).filter(({ method }) => method === 'POST');

describe('--write-metadata', () => {
  it('writes each subject to Stripe, with a key that nothing keeps', async () => {
    const [id = '', other = ''] = await createCustomers(2);
    const run = await write(OPERATORS);
    expect(run).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('metadata.user_id is written at Stripe'),
    });
    expect(await subjectAtStripe(id)).toBe('subject_0');
    expect(await subjectAtStripe(other)).toBe('subject_1');
    expect(await createOperatorStore(database).record(id)).toMatchObject({ subject: 'subject_0' });
    expect(run.output).not.toContain(OPERATORS);
    expect(workplace.read('.dev.vars')).not.toContain(OPERATORS);
    const { results } = await database.prepare('select * from cursors').all();
    expect(JSON.stringify(results)).not.toContain(OPERATORS);
  });

  it('writes nothing that Stripe has already', async () => {
    await createCustomers(3);
    await write(OPERATORS);
    const before = workplace.stripe.requests.length;
    expect(await write(OPERATORS)).toMatchObject({ status: 0 });
    expect(writes(before)).toEqual([]);
  });

  it('replaces no other subject at Stripe without --replace', async () => {
    const [id = '', gone = ''] = await createCustomers(2, { user_id: 'before' });
    await workplace.api.customers.del(gone);
    const run = await write(OPERATORS);
    expect(run).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('2 are without metadata: see mapping.not-written.csv'),
    });
    expect(workplace.read('mapping.not-written.csv')).toBe(
      [
        'line,customer,subject,reason',
        `2,${id},subject_0,"Stripe says before, which --replace changes"`,
        `3,${gone},subject_1,Stripe has no such customer`,
        '',
      ].join('\n'),
    );
    expect(await subjectAtStripe(id)).toBe('before');
    await write(OPERATORS, '--replace');
    expect(await subjectAtStripe(id)).toBe('subject_0');
  });

  it('stops after a page at Ctrl-C, and the next run goes on behind it', async () => {
    const ids = await createCustomers(100);
    const { shell, printed } = workplace.createShell({ STRIPE_OPERATOR_KEY: OPERATORS });
    interruptAt('40 of 100 customers have their metadata', shell);
    expect(await main(words(), shell)).toBe(130);
    expect(printed.output).toContain('What is done is kept.');
    expect(writes()).toHaveLength(40);

    const before = workplace.stripe.requests.length;
    const again = await write(OPERATORS);
    expect(again).toMatchObject({ status: 0 });
    expect(again.stdout).toContain('Going on behind line 41');
    expect(calls(before)).toHaveLength(120);
    expect(await subjectAtStripe(ids.at(-1)!)).toBe('subject_99');
  });

  it('begins again with another file, and after the end', async () => {
    await createCustomers(2);
    await write(OPERATORS);
    const before = workplace.stripe.requests.length;
    expect((await write(OPERATORS)).stdout).not.toContain('Going on');
    expect(calls(before)).toHaveLength(2);
  });

  it('writes for at most eight customers a second', async () => {
    await createCustomers(40);
    vi.useFakeTimers({ toFake: ['Date'] });
    await write(OPERATORS);
    vi.useRealTimers();
    expect(writes()).toHaveLength(40);
    // Nothing waits and no time passes here, so the last wait makes up for all before it.
    const waited = Math.max(0, ...workplace.waits) / 1000;
    expect(waited).toBeGreaterThanOrEqual((40 - 8) / 8);
  });

  it('tries again after a fault that passes', async () => {
    const [id = ''] = await createCustomers(1);
    workplace.stripe.faults.order({ path: `/v1/customers/${id}`, status: 503 });
    const run = await write(OPERATORS);
    expect(run).toMatchObject({
      status: 0,
      output: expect.stringContaining('Trying again in 1 s'),
    });
    expect(await subjectAtStripe(id)).toBe('subject_0');
  });

  it.each([
    ['', /needs a key of yours in STRIPE_OPERATOR_KEY/],
    ['pk_test_0000000000', /publishable key/],
    [LIVE_KEY, /not of test mode/],
    [READERS, /may not write customers.*Customers → Write/],
    ['rk_test_of0nobody0000000000', /stripe_key_refused/],
  ])('changes nothing with the key %j', async (key, message) => {
    const [id = ''] = await createCustomers(1);
    const run = await write(key);
    expect(run).toMatchObject({ status: 2, output: expect.stringMatching(message) });
    expect(await createOperatorStore(database).record(id)).toMatchObject({ subject: null });
  });

  it('takes no key of another account', async () => {
    const [id = ''] = await createCustomers(1);
    const other = createStandIn();
    other.state.keys.set(OPERATORS, {
      livemode: false,
      permissions: new Set(['rak_customer_write']),
    });
    const { fetch } = workplace.stripe;
    workplace.stripe.fetch = async (request) =>
      request.headers.get('authorization') === `Bearer ${OPERATORS}`
        ? other.fetch(request)
        : fetch(request);
    const run = await write(OPERATORS);
    expect(run).toMatchObject({ status: 2, output: expect.stringContaining(other.state.account) });
    expect(await createOperatorStore(database).record(id)).toMatchObject({ subject: null });
  });
});
