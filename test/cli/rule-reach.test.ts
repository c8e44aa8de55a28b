import { expect, it } from 'vitest';
import { unreachable } from '../../src/cli/doctor/rule-reach.ts';
import { isRestricted } from '../../src/visitor/billable.ts';
import { choosePortal, type Portal, type PortalRule } from '../../src/portal/portals.ts';

const portal = (name: string, ...rules: PortalRule[]): Portal => ({
  name,
  configuration: `bpc_${name}`,
  features: [],
  updates: [],
  coupon: undefined,
  rules,
});
const products = new Map([
  ['monthly', 'pro'],
  ['yearly', 'pro'],
  ['seat', 'team'],
]);
const found = (...portals: Portal[]) =>
  unreachable(portals, products, []).map(({ portal: name, number, behind }) => [
    name,
    number,
    behind,
  ]);

it.each<[what: string, first: PortalRule, second: PortalRule, isHidden: boolean]>([
  ['the same product', { products: ['pro'] }, { products: ['pro'] }, true],
  ['one product of two', { products: ['pro', 'team'] }, { products: ['team'] }, true],
  [
    'two products, of which one is new',
    { products: ['pro'] },
    { products: ['pro', 'team'] },
    false,
  ],
  ['a price of the product', { products: ['pro'] }, { prices: ['yearly'] }, true],
  ['a price of another product', { products: ['pro'] }, { prices: ['seat'] }, false],
  ['a price that nobody could look up', { products: ['pro'] }, { prices: ['old'] }, false],
  ['the product of a price', { prices: ['yearly'] }, { products: ['pro'] }, false],
  ['the product, and a role', { products: ['pro'] }, { products: ['pro'], roles: ['owner'] }, true],
  [
    'the product without the role',
    { products: ['pro'], roles: ['owner'] },
    { products: ['pro'] },
    false,
  ],
  ['a role for any product', { roles: ['owner'] }, { products: ['pro'], roles: ['owner'] }, true],
  ['another role', { roles: ['owner'] }, { roles: ['member'] }, false],
])('looks behind a rule for %s', (_what, first, second, isHidden) => {
  expect(found(portal('first', first), portal('second', second))).toEqual(
    isHidden ? [['second', 1, ['first']]] : [],
  );
});

it('sees a rule that several earlier ones hide together', () => {
  const behind = portal('c', { roles: ['owner'] }, { products: ['pro', 'team'] });
  expect(
    found(portal('a', { products: ['pro'] }), portal('b', { products: ['team'] }), behind),
  ).toEqual([['c', 2, ['a', 'b']]]);
});

it('says nothing of two rules for one portal', () => {
  expect(found(portal('a', { products: ['pro'] }, { prices: ['yearly'] }))).toEqual([]);
});

it('passes over rules without roles for people who may not bill', () => {
  const seats = portal('seats', { products: ['team'] });
  const members = portal('members', { roles: ['member'], products: ['team'] });
  const owners = portal('owners', { roles: ['owner'], products: ['team'] });
  const all = [seats, members, owners];
  const hidden = (may: string[]) => unreachable(all, products, may).map((each) => each.portal);
  expect(hidden([])).toEqual(['members', 'owners']);
  expect(hidden(['owner'])).toEqual(['owners']);
  const again = portal('again', { roles: ['member'], products: ['team'] });
  expect(unreachable([...all, again], products, ['owner'])).toMatchObject([
    { portal: 'owners', behind: ['seats'] },
    { portal: 'again', behind: ['members'] },
  ]);
});

it.each([[[]], [['owner']]])(
  'agrees with the Worker’s choice where %j may bill',
  (may: string[]) => {
    const some = <Value>(...values: Value[]) =>
      Array.from({ length: 2 ** values.length }, (_, bits) =>
        values.filter((_value, index) => bits & (1 << index)),
      );
    const rules = some('owner', 'member').flatMap((roles) =>
      some('pro', 'team').flatMap((given) =>
        some('monthly', 'seat').map((prices): PortalRule => ({
          ...(roles.length > 0 && { roles }),
          ...(given.length > 0 && { products: given }),
          ...(prices.length > 0 && { prices }),
        })),
      ),
    );
    const applicants = some('owner', 'member').flatMap((roles) =>
      some('monthly', 'yearly', 'seat').map((prices) => ({
        roles,
        subscriptions: [
          { items: prices.map((price) => ({ price, productId: products.get(price) })) },
        ] as never,
      })),
    );
    const fallback = portal('default');
    const config = { billingRoles: may, portals: { ruled: [], fallback } };
    for (const one of rules.slice(1)) {
      for (const other of rules.slice(1)) {
        const ruled = [portal('one', one), portal('other', other)];
        const isReached = applicants.some(
          (applicant) =>
            choosePortal(
              { ruled, fallback },
              { ...applicant, isRestricted: isRestricted(applicant.roles, config) },
            )?.name === 'other',
        );
        if (unreachable(ruled, products, may).length > 0) expect(isReached).toBe(false);
      }
    }
  },
);
