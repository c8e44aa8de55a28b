import type { Portal, PortalRule } from '../../portal/portals.ts';

/** Who a rule is for, at the least: one role, one product and one price of its lists. */
type Applicant = { role?: string; product?: string; price?: string };

/** A rule of a portal, to show to the operator: those of a portal are counted from 1. */
export type NumberedRule = { portal: string; number: number; rule: PortalRule };

/** All rules, in the order in which they are tried. */
export const numbered = (portals: readonly Portal[]): NumberedRule[] =>
  portals.flatMap(({ name, rules }) =>
    rules.map((rule, index) => ({ portal: name, number: index + 1, rule })),
  );

/** A rule that nobody reaches, and the portals that everybody gets instead. */
export type Unreachable = NumberedRule & { behind: string[] };

/**
 * Rules behind broader ones: everybody who fits such a rule gets an earlier portal.
 *
 * @param products  the product of each price that is known
 * @param may  the roles that may bill; none: everybody may
 */
export function unreachable(
  portals: readonly Portal[],
  products: ReadonlyMap<string, string>,
  may: readonly string[],
): Unreachable[] {
  const all = numbered(portals);
  return all.flatMap((each, index) => {
    const earlier = all.slice(0, index).filter(({ portal }) => portal !== each.portal);
    const winners = applicantsOf(each.rule).map((applicant) => {
      // As in choosePortal: people who may not bill get a portal only by a rule that names roles.
      const isRestricted =
        may.length > 0 && applicant.role !== undefined && !may.includes(applicant.role);
      const counting = earlier.filter(({ rule }) => !isRestricted || rule.roles !== undefined);
      return counting.find(({ rule }) => isFor(rule, applicant, products))?.portal;
    });
    if (winners.includes(undefined)) return [];
    return [{ ...each, behind: [...new Set(winners.flatMap((name) => name ?? []))] }];
  });
}

function applicantsOf({ roles, products, prices }: PortalRule): Applicant[] {
  let applicants: Applicant[] = [{}];
  if (roles) applicants = roles.flatMap((role) => applicants.map((each) => ({ ...each, role })));
  if (products) {
    applicants = products.flatMap((product) => applicants.map((each) => ({ ...each, product })));
  }
  if (prices)
    applicants = prices.flatMap((price) => applicants.map((each) => ({ ...each, price })));
  return applicants;
}

function isFor(
  { roles, products, prices }: PortalRule,
  { role, product, price }: Applicant,
  productOf: ReadonlyMap<string, string>,
): boolean {
  // People who have a price have its product.
  const ofPrice = price === undefined ? undefined : productOf.get(price);
  return has(roles, role) && has(products, product, ofPrice) && has(prices, price);
}

const has = (list: readonly string[] | undefined, ...values: (string | undefined)[]) =>
  list === undefined || values.some((value) => value !== undefined && list.includes(value));
