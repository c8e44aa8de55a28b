import { describe, expect, it } from 'vitest';
import { diagnose, setUp } from './diagnose.ts';
import { configurationOf, letReadPlans, lookAt, makePlan } from './with-portals.ts';
import { useHealthyWorkplace, workplace } from './use-workplace.ts';

useHealthyWorkplace(letReadPlans);

const plan = async (name: string) => makePlan(workplace, name);
const look = async (check: string) => lookAt(workplace, check);

describe('where people can change plans', () => {
  const offer = async (...offered: { product: string; price: string }[]) => {
    workplace.edit('portal.toml', {
      features: { subscription_update: { enabled: true } },
      products: { test: offered.map(({ product, price }) => ({ product, prices: [price] })) },
    });
    await setUp(workplace);
  };

  it('names the plans for sale that no portal lists', async () => {
    const [pro, team, old] = [await plan('Pro'), await plan('Team'), await plan('Old')];
    await workplace.api.products.update(old.product, { active: false });
    await offer(pro);
    expect(await look('portal_plans')).toMatchObject({
      outcome: 'warning',
      found: `For sale, and in no portal: ${team.price}. Nobody can change to them.`,
      next: expect.stringContaining('[products] of portal.toml'),
    });
    await offer(pro, team);
    expect(await look('portal_plans')).toMatchObject({
      outcome: 'ok',
      found: 'All 2 plans for sale are listed.',
    });
    workplace.stripe.state.keys.get(workplace.key)!.permissions!.delete('rak_plan_read');
    expect(await look('portal_plans')).toMatchObject({
      outcome: 'skipped',
      found: expect.stringContaining('rak_plan_read'),
    });
  });

  it('names a portal that lists none', async () => {
    await offer();
    expect(await look('portal_plans')).toMatchObject({
      outcome: 'warning',
      found: 'default lets people change plans, and lists none.',
    });
  });
});

it('opens the portal that a customer gets by their subscriptions in D1, and names it', async () => {
  const { product, price } = await plan('Pro');
  workplace.edit('portal.toml', {
    portals: { pro: { rules: [{ products: { test: [product] } }] } },
  });
  await setUp(workplace);
  const customer = await workplace.api.customers.create({ metadata: { user_id: 'user_1' } });
  const open = async () => {
    const { checks } = await diagnose(workplace, { customer: customer.id });
    return checks.find(({ check }) => check === 'portal_session')!;
  };
  const opened = () => [...workplace.stripe.state.portalSessions.values()].at(-1)!.session;
  expect((await open()).found).toContain('It is the portal default, for people without a role.');
  expect(opened().configuration).toBe(configurationOf(workplace, 'default').id);

  await workplace.api.subscriptions.create({ customer: customer.id, items: [{ price }] });
  await workplace.run(['customer', customer.id, '--sync']);
  expect(await open()).toMatchObject({
    outcome: 'ok',
    found: expect.stringContaining('It is the portal pro, for people without a role.'),
  });
  expect(opened().configuration).toBe(configurationOf(workplace, 'pro').id);
});
