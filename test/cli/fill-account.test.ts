import { beforeEach, describe, expect, it } from 'vitest';
import { createStores } from '../../src/customers/stores/index.ts';
import { createOperatorStore } from '../../src/customers/stores/operator.ts';
import { createCustomers, fill, overview, state } from './filling.ts';
import { setUp } from './diagnose.ts';
import { database, useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { fillIn } from './workplace.ts';

useWorkplaceWithD1(fillIn);

describe('the database of another Stripe account', () => {
  beforeEach(async () => {
    createCustomers(2);
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
    createCustomers(1);
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
    createCustomers(1);
    const [own = ''] = workplace.stripe.state.customers.keys();
    await remember('cus_deleted_1', 'cus_deleted_2', own);
    expect(await fill()).toMatchObject({ status: 0 });
    expect(await noted()).toBe(workplace.stripe.state.account);
  });
});
