import { beforeEach, describe, expect, it } from 'vitest';
import { diagnose, setUp } from './diagnose.ts';
import { configurationOf, letReadPlans, lookAt, makePlan, portalsNow } from './with-portals.ts';
import { useHealthyWorkplace, workplace } from './use-workplace.ts';

useHealthyWorkplace(letReadPlans);

const portals = (named: object) => workplace.edit('portal.toml', { portals: named as never });
const plan = async (name: string) => makePlan(workplace, name);
const look = async (check: string) => lookAt(workplace, check);
const setting = () => portalsNow(workplace);
const configuration = (name: string) => configurationOf(workplace, name);
const rewrite = (name: string, value: string) => {
  const lines = workplace.read('.dev.vars').split('\n');
  const others = lines.filter((line) => !line.startsWith(`${name}=`));
  workplace.write('.dev.vars', [...others, `${name}='${value}'`].join('\n'));
};
const READ_ONLY = {
  payment_method_update: { enabled: false },
  customer_update: { enabled: false },
  subscription_cancel: { enabled: false },
};

describe('with a portal for members and one for a plan', () => {
  let pro: Awaited<ReturnType<typeof plan>>;
  beforeEach(async () => {
    pro = await plan('Pro');
    portals({
      pro: { rules: [{ products: { test: [pro.product] } }] },
      members: { features: READ_ONLY, rules: [{ roles: ['member'] }] },
    });
    workplace.configure({ AUTH_ROLE_CLAIM: 'org_role', AUTH_BILLING_ROLES: 'owner' });
    await setUp(workplace);
  });

  it('finds all well', async () => {
    const { checks } = await diagnose(workplace);
    const ofPortals = checks.filter(({ check }) => check.startsWith('portal_'));
    expect(ofPortals.map(({ outcome, found }) => [outcome, found])).toEqual([
      [
        'ok',
        expect.stringMatching(/^pro bpc_\w+, members bpc_\w+, default bpc_\w+, in test mode\.$/),
      ],
      ['ok', expect.stringMatching(/^On: payment_method_update.*members: invoice_history\. pro: /)],
      ['ok', expect.stringContaining('Headline, policies, and back to')],
      ['ok', 'As portal.toml says.'],
      ['ok', '2, in this order: pro, members.'],
      ['ok', 'No portal lets people change plans.'],
      ['ok', 'None is offered.'],
    ]);
  });

  it.each<[what: string, make: () => unknown, check: string, found: string | RegExp, next: string]>(
    [
      [
        'is gone',
        () => workplace.stripe.state.configurations.delete(configuration('members').id),
        'portal_configuration',
        /^members: The account has no bpc_\w+ in test mode\.$/,
        'npm run setup',
      ],
      [
        'is not active',
        () => void (configuration('members').active = false),
        'portal_configuration',
        /^members: bpc_\w+ is not active\.$/,
        'npm run setup',
      ],
      [
        'can do more than portal.toml says',
        () => void (configuration('members').features.subscription_cancel.enabled = true),
        'portal_features',
        'members: Not as portal.toml says: subscription_cancel.enabled.',
        'npm run setup',
      ],
      [
        'has another headline',
        () => void (configuration('members').business_profile.headline = 'Old'),
        'portal_business',
        'members: Not as portal.toml says: business_profile.headline.',
        'npm run setup',
      ],
      [
        'has no headline',
        () => void (configuration('members').business_profile.headline = null),
        'portal_business',
        'members: Not set: headline.',
        'Fill in portal.toml',
      ],
      [
        'can do less than PORTALS says',
        () =>
          rewrite(
            'PORTALS',
            JSON.stringify(setting()).replace(
              '"features":["invoice_history"]',
              '"features":["subscription_cancel"]',
            ),
          ),
        'portal_features',
        'members: Not as PORTALS says: subscription_cancel, invoice_history.',
        'npm run setup',
      ],
    ],
  )('says of a portal that it %s', async (_what, make, check, found, next) => {
    make();
    const finding = await look(check);
    expect(finding.found).toMatch(found);
    expect(finding).toMatchObject({
      outcome: check === 'portal_configuration' ? 'failure' : 'warning',
      next: expect.stringContaining(next),
    });
  });

  const rule = (rules: object[]) => portals({ members: { rules } });
  it.each<[what: string, make: () => unknown, found: string]>([
    [
      'has a new portal',
      () => portals({ owners: { rules: [{ roles: ['owner'] }] } }),
      'it lacks owners',
    ],
    [
      'has a portal less',
      () => workplace.edit('portal.toml', { portals: { pro: null } }),
      'it still has pro',
    ],
    ['has other rules', () => rule([{ roles: ['guest'] }]), 'other rules of members'],
    [
      'has another coupon',
      () => workplace.edit('portal.toml', { retention_coupon: { test: 'STAY' } }),
      'another coupon of pro; another coupon of members; another coupon of default',
    ],
    ['has another order', () => reorder(), 'another order'],
  ])('says that portal.toml %s than PORTALS', async (_what, make, found) => {
    make();
    expect(await look('portal_setting')).toEqual({
      outcome: 'warning',
      found: `PORTALS is not what portal.toml says now: ${found}.`,
      next: 'Run `npm run setup`.',
    });
  });
  const reorder = () => {
    const [first, second, last] = setting();
    rewrite('PORTALS', JSON.stringify([second, first, last]));
  };

  it.each<[what: string, make: () => unknown, found: string, next: string]>([
    [
      'is behind a broader one',
      () =>
        portals({
          late: { rules: [{ roles: ['x', 'member'] }, { prices: { test: [pro.price] } }] },
        }),
      'Rule 2 of late holds for nobody: everybody who fits it gets pro first.',
      'Move late above pro in portal.toml',
    ],
    [
      'names a product that is not there',
      () => rule([{ products: { test: ['prod_x'] } }]),
      'Rule 1 of members names prod_x, which the account does not have in this mode.',
      'Correct the id',
    ],
    [
      'names a price that is not there',
      () => rule([{ prices: { test: ['price_x'] } }]),
      'Rule 1 of members names price_x, which the account does not have in this mode.',
      'Correct the id',
    ],
    [
      'names a product that is not sold',
      async () => workplace.api.products.update(pro.product, { active: false }),
      'Rule 1 of pro names prod_',
      'Remove it from the rule when nobody has it.',
    ],
    [
      'needs a role that nobody has',
      () => workplace.configure({ AUTH_ROLE_CLAIM: '', AUTH_BILLING_ROLES: '' }),
      'Rules of members are for member, and no setting says where roles stand.',
      'Set AUTH_ROLE_CLAIM',
    ],
    [
      'lets members change something',
      () => portals({ members: { features: { subscription_cancel: { enabled: true } } } }),
      'members is for member, who may not bill, and lets them change something: subscription_cancel.',
      'Leave only invoice_history on in members',
    ],
  ])('names a rule that %s', async (_what, make, found, next) => {
    await make();
    await setUp(workplace);
    const finding = await look('portal_rules');
    expect(finding).toMatchObject({ outcome: 'warning', next: expect.stringContaining(next) });
    expect(finding.found).toContain(found);
  });

  it('says which ids the key may not look up', async () => {
    rule([{ prices: { test: [pro.price] }, roles: ['member'] }]);
    await setUp(workplace);
    workplace.stripe.state.keys.get(workplace.key)!.permissions!.delete('rak_plan_read');
    expect(await look('portal_rules')).toMatchObject({
      outcome: 'ok',
      found: expect.stringContaining(`The key may not look up ${pro.price}.`),
    });
  });
});

describe('the setting itself', () => {
  it.each<[what: string, make: () => unknown, check: string, found: RegExp]>([
    [
      'is set beside PORTAL_CONFIGURATION',
      () => rewrite('PORTAL_CONFIGURATION', setting()[0]!.id),
      'portal_configuration',
      /^PORTALS and PORTAL_CONFIGURATION are both set\.$/,
    ],
    [
      'was changed by hand',
      () => rewrite('PORTALS', '[{"name":"default"}]'),
      'portal_configuration',
      /^PORTALS cannot be used\.$/,
    ],
    [
      'was not written yet',
      () => moveBack(),
      'portal_setting',
      /^PORTALS is empty: the page offers no step of the portal\.$/,
    ],
    [
      'was not written yet, with named portals',
      () => {
        moveBack();
        portals({ owners: { rules: [{ roles: ['owner'] }] } });
      },
      'portal_setting',
      /^PORTALS is empty: nobody gets owners\.$/,
    ],
  ])('%s', async (_what, make, check, found) => {
    make();
    const finding = await look(check);
    expect(finding.found).toMatch(found);
    expect(finding.next).toContain('npm run setup');
  });
  const moveBack = () => {
    const { id } = setting()[0]!;
    rewrite('PORTALS', '');
    rewrite('PORTAL_CONFIGURATION', id);
  };

  it('names a coupon that can no longer be offered', async () => {
    await workplace.api.coupons.create({ id: 'STAY', percent_off: 20, duration: 'once' });
    workplace.edit('portal.toml', { retention_coupon: { test: 'STAY', live: '' } });
    await setUp(workplace);
    expect(await look('portal_coupons')).toMatchObject({ outcome: 'ok', found: 'STAY.' });
    workplace.stripe.state.coupons.get('STAY')!.valid = false;
    expect(await look('portal_coupons')).toMatchObject({
      outcome: 'warning',
      found: 'The coupon STAY can no longer be redeemed: Stripe refuses to offer it.',
    });
    workplace.stripe.state.keys.get(workplace.key)!.permissions!.delete('rak_coupon_read');
    expect(await look('portal_coupons')).toMatchObject({ outcome: 'skipped' });
  });
});
