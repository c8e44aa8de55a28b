import * as fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { createWorld, WEBHOOK_SECRET, type World } from './world.ts';

// What happens at Stripe, and how its events are delivered: late, again and again, in any order,
// overlapping with each other and with what happens next, while Stripe and D1 are slow or fail.
// Whoever and whichever are picked by number.
type Step =
  | { do: 'create'; who: number }
  | { do: 'rename' | 'check out' | 'delete'; who: number }
  | { do: 'map'; who: number; subject: string }
  | { do: 'subscribe' | 'cancel' | 'resume' | 'end' | 'upgrade'; who: number; which: number }
  | { do: 'deliver'; picks: number[] }
  | { do: 'Stripe fails'; how: number; after: number }
  | { do: 'Stripe is slow'; milliseconds: number; after: number }
  | { do: 'wait'; milliseconds: number }
  | { do: 'D1 fails'; how: number };

const who = fc.nat(2);
const which = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('create' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('rename' as const, 'check out' as const), who }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('map' as const),
      who,
      subject: fc.constantFrom('a', 'b', 'c'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('subscribe', 'cancel', 'resume', 'end', 'upgrade'),
      who,
      which,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      picks: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('Stripe fails' as const),
      how: fc.nat(2),
      after: fc.nat(3),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('Stripe is slow' as const),
      milliseconds: fc.integer({ min: 5, max: 40 }),
      after: fc.nat(3),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), milliseconds: fc.nat(8) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('D1 fails' as const), how: fc.nat(1) }) },
);

const noRetry = { 'stripe-should-retry': 'false' };
const STRIPE_FAULTS = [
  { status: 429 },
  { status: 500, headers: noRetry },
  { status: 200, body: '{"id":', contentType: 'application/json' },
];
const D1_FAULTS = ['D1_ERROR: Network connection lost.', 'D1_ERROR: D1 DB is overloaded.'];

/** A Stripe account with three people who may or may not be customers. */
async function createAccount() {
  const world = await createWorld();
  const { api, stripe } = world;
  const ids: (string | undefined)[] = [undefined, undefined, undefined];
  const checkedOut = new Set<string>();
  const product = await api.products.create({ name: 'Pro' });
  const [small, large] = await Promise.all(
    [900, 2900].map(async (amount) =>
      api.prices.create({
        product: product.id,
        currency: 'usd',
        unit_amount: amount,
        recurring: { interval: 'month' },
      }),
    ),
  );

  const living = (person: number) => {
    const id = ids[person];
    return id !== undefined && !stripe.state.customers.get(id)?.deleted ? id : undefined;
  };
  const pickSubscription = (customer: string, number: number) => {
    const current = [...stripe.state.subscriptions.values()].filter(
      (each) => each.customer === customer && each.status !== 'canceled',
    );
    return current[number % Math.max(current.length, 1)];
  };

  async function happen(event: Extract<Step, { who: number }>): Promise<void> {
    const id = living(event.who);
    if (event.do === 'create') {
      ids[event.who] ??= (await api.customers.create({ email: `${event.who}@example.com` })).id;
    } else if (id === undefined) return;
    else if (event.do === 'rename') await api.customers.update(id, { name: crypto.randomUUID() });
    else if (event.do === 'map')
      await api.customers.update(id, { metadata: { user_id: event.subject } });
    else if (event.do === 'delete') await api.customers.del(id);
    else if (event.do === 'check out') {
      if (!checkedOut.has(id))
        stripe.state.completeCheckout({ customer: id, client_reference_id: id });
      checkedOut.add(id);
    } else if (event.do === 'subscribe') {
      await api.subscriptions.create({ customer: id, items: [{ price: small!.id }] });
    } else if ('which' in event) {
      const subscription = pickSubscription(id, event.which);
      if (!subscription) return;
      const item = { id: subscription.items.data[0]!.id, price: large!.id, quantity: 2 };
      if (event.do === 'end') await api.subscriptions.cancel(subscription.id);
      else if (event.do === 'upgrade')
        await api.subscriptions.update(subscription.id, { items: [item] });
      else
        await api.subscriptions.update(subscription.id, {
          cancel_at_period_end: event.do === 'cancel',
        });
    }
  }

  return { world, ids, checkedOut, happen };
}

const wait = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

async function deliver(world: World, payload: string): Promise<boolean> {
  const signature = await world.api.webhooks.generateTestHeaderStringAsync({
    payload,
    secret: WEBHOOK_SECRET,
  });
  const response = await world.visit('/api/stripe/webhook', {
    method: 'POST',
    headers: { 'stripe-signature': signature },
    body: payload,
  });
  return response.ok;
}

async function play(steps: Step[]): Promise<void> {
  const { world, ids, checkedOut, happen } = await createAccount();
  const { faults, state } = world.stripe;
  const owed = new Set<string>();
  let seen = 0;
  const hearOfNewEvents = () => {
    const events = [...state.events.values()];
    for (const event of events.slice(seen)) owed.add(JSON.stringify(event));
    seen = events.length;
    return events.map((event) => JSON.stringify(event));
  };
  // Nobody waits for a delivery: an early one may end after a later one.
  const underWay = new Set<Promise<void>>();
  const send = (payload: string) => {
    const delivery = deliver(world, payload).then((accepted) => {
      if (accepted) owed.delete(payload);
      underWay.delete(delivery);
    });
    underWay.add(delivery);
  };

  for (const each of steps) {
    if ('who' in each) await happen(each);
    else if (each.do === 'Stripe fails') {
      faults.order({ method: 'GET', after: each.after, ...STRIPE_FAULTS[each.how] });
    } else if (each.do === 'Stripe is slow') {
      // The answer is old by the time that it arrives.
      faults.order({
        method: 'GET',
        after: each.after,
        delay: each.milliseconds,
        afterEffect: true,
      });
    } else if (each.do === 'D1 fails') world.failNextQuery(D1_FAULTS[each.how]!);
    else if (each.do === 'wait') await wait(each.milliseconds);
    else {
      const all = hearOfNewEvents();
      for (const pick of each.picks) if (all.length > 0) send(all[pick % all.length]!);
    }
  }
  hearOfNewEvents();
  for (let round = 0; owed.size > 0 || underWay.size > 0; round += 1) {
    if (round === 30) throw new Error('Stripe would have given up delivering.');
    for (const payload of [...owed].toReversed()) send(payload);
    await Promise.all(underWay);
  }
  for (const id of ids) if (id !== undefined) await expectSame(world, id, checkedOut.has(id));
}

/** D1 says of the customer what the stand-in says. */
async function expectSame(world: World, id: string, checkedOut: boolean): Promise<void> {
  const customer = world.stripe.state.customers.get(id)!;
  const row = await world.row(id);
  const stored = await world.store.findSubscriptions([id]);
  if (customer.deleted) {
    expect([row?.['deleted_at'], row?.['email'], stored]).toEqual([expect.any(Number), null, []]);
    return;
  }
  expect(row).toMatchObject({
    subject: customer.metadata['user_id'] ?? (checkedOut ? id : null),
    name: customer.name,
    email: customer.email,
    deleted_at: null,
  });
  const current = [...world.stripe.state.subscriptions.values()].filter(
    (each) => each.customer === id && each.status !== 'canceled',
  );
  const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
  expect(stored.toSorted(byId)).toMatchObject(
    current.toSorted(byId).map((each) => ({
      id: each.id,
      status: each.status,
      cancelAt: each.cancel_at,
      currentPeriodEnd: each.items.data[0]!.current_period_end,
      items: [
        {
          price: each.items.data[0]!.price.id,
          amount: each.items.data[0]!.price.unit_amount,
          quantity: each.items.data[0]!.quantity,
          product: 'Pro',
        },
      ],
    })),
  );
}

const histories = inject('histories');

it(
  `makes D1 equal to Stripe after any of ${histories} histories of changes and deliveries`,
  async () => {
    const property = fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 30 }), play);
    await fc.assert(property, { numRuns: histories });
  },
  histories * 1000,
);
