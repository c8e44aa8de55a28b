import { createWorld, type World } from '../world.ts';
import type { Change } from './steps.ts';

export type Account = Awaited<ReturnType<typeof createAccount>>;

/** A Stripe account with three people, who may or may not become customers. */
export async function createAccount() {
  const world = await createWorld();
  const { api, stripe } = world;
  const ids: (string | undefined)[] = [undefined, undefined, undefined];
  const checkedOut = new Set<string>();
  const small = await createPrice(world, 900);
  const large = await createPrice(world, 2900);

  const living = (person: number) => {
    const id = ids[person];
    return id !== undefined && !stripe.state.customers.get(id)?.deleted ? id : undefined;
  };

  async function happen(change: Change): Promise<void> {
    const id = living(change.who);
    if (change.do === 'create') {
      ids[change.who] ??= (await api.customers.create({ email: `${change.who}@example.com` })).id;
      return;
    }
    if (id === undefined) return;
    switch (change.do) {
      case 'rename':
        await api.customers.update(id, { name: crypto.randomUUID() });
        return;
      case 'map':
        await api.customers.update(id, { metadata: { user_id: change.subject } });
        return;
      case 'delete':
        await api.customers.del(id);
        return;
      case 'check out':
        if (checkedOut.has(id)) return;
        checkedOut.add(id);
        stripe.state.completeCheckout({ customer: id, client_reference_id: id });
        return;
      case 'subscribe':
        await api.subscriptions.create({ customer: id, items: [{ price: small }] });
        return;
      case 'cancel':
      case 'resume':
      case 'end':
      case 'upgrade':
        await changeSubscription(id, change.do, change.which);
    }
  }

  async function changeSubscription(
    customer: string,
    how: 'cancel' | 'resume' | 'end' | 'upgrade',
    which: number,
  ): Promise<void> {
    const current = currentSubscriptions(world, customer);
    const subscription = current[which % Math.max(current.length, 1)];
    if (!subscription) return;
    const { id, items } = subscription;
    if (how === 'end') await api.subscriptions.cancel(id);
    else if (how === 'upgrade') {
      const item = { id: items.data[0]!.id, price: large, quantity: 2 };
      await api.subscriptions.update(id, { items: [item] });
    } else await api.subscriptions.update(id, { cancel_at_period_end: how === 'cancel' });
  }

  return { world, ids, checkedOut, happen };
}

async function createPrice({ api }: World, amount: number): Promise<string> {
  const { id } = await api.prices.create({
    product: (await api.products.create({ name: 'Pro' })).id,
    currency: 'usd',
    unit_amount: amount,
    recurring: { interval: 'month' },
  });
  return id;
}

/** The stand-in's subscriptions of a customer that have not ended. */
export function currentSubscriptions(world: World, customer: string) {
  return [...world.stripe.state.subscriptions.values()].filter(
    (each) => each.customer === customer && each.status !== 'canceled',
  );
}
