import * as fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { currentSubscriptions, type Account } from './account.ts';
import { play } from './play.ts';
import { history } from './steps.ts';

const histories = inject('histories');

it(
  `makes D1 equal to Stripe after any of ${histories} histories of changes and deliveries`,
  async () => {
    const property = fc.asyncProperty(history, async (steps) => {
      const account = await play(steps);
      for (const id of account.ids) if (id !== undefined) await expectSame(account, id);
    });
    await fc.assert(property, { numRuns: histories });
  },
  histories * 1000,
);

/** D1 says of the customer what the stand-in says. */
async function expectSame({ world, checkedOut }: Account, id: string): Promise<void> {
  const customer = world.stripe.state.customers.get(id)!;
  const row = await world.row(id);
  const stored = await world.stores.customers.subscriptionsOf(id);
  if (customer.deleted) {
    expect([row?.['deleted_at'], row?.['email'], stored]).toEqual([expect.any(Number), null, []]);
    return;
  }
  expect(row).toMatchObject({
    subject: customer.metadata['user_id'] ?? (checkedOut.has(id) ? id : null),
    name: customer.name,
    email: customer.email,
    deleted_at: null,
  });
  const expected = currentSubscriptions(world, id).map((each) => {
    const [item] = each.items.data;
    return {
      id: each.id,
      status: each.status,
      cancelAt: each.cancel_at,
      currentPeriodEnd: item?.current_period_end,
      items: [{ price: item?.price.id, amount: item?.price.unit_amount, quantity: item?.quantity }],
    };
  });
  const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
  expect(stored.toSorted(byId)).toMatchObject(expected.toSorted(byId));
}
