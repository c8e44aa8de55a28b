import type { Stripe } from 'stripe';
import type { Portals, PortalRule } from '../../portal/portals.ts';
import { isForbidden, isMissing, toBillingError } from '../../stripe/faults.ts';
import { environmentOf, type Mode } from '../settings.ts';
import { combined, type Problem } from './combined.ts';
import type { Finding } from './finding.ts';
import { ok } from './finding.ts';
import { billingRoles, examineRoles } from './portal-roles.ts';
import { numbered, unreachable, type NumberedRule } from './rule-reach.ts';
import type { Subject } from './subject.ts';

/** Whether each rule can hold for somebody, and gives them what they may have. */
export async function examineRules(
  subject: Subject,
  portals: Portals,
  stripe: Stripe,
  mode: Mode,
): Promise<Finding> {
  const { ruled } = portals;
  if (ruled.length === 0) return ok('portal_rules', 'None: everybody gets the same portal.');
  const rules = numbered(ruled);
  const sold = await lookUp(rules, stripe, mode);
  const products = new Map(
    [...sold].flatMap(([id, { product }]) => (product === undefined ? [] : [[id, product]])),
  );
  const environment = environmentOf(subject);
  const problems = [
    ...unreachable(ruled, products, billingRoles(environment)).map(
      ({ behind, ...each }): Problem => {
        const broader = behind.join(' or ');
        return {
          outcome: 'warning',
          found: `${nameOf(each)} holds for nobody: everybody who fits it gets ${broader} first.`,
          next: `Move ${each.portal} above ${broader} in portal.toml, or remove the rule.`,
        };
      },
    ),
    ...rules.flatMap((each) => soldProblems(each, sold)),
    ...examineRoles(ruled, environment),
  ];
  const unseen = [...sold].filter(([, { state }]) => state === 'unreadable').map(([id]) => id);
  const note = unseen.length > 0 ? ` The key may not look up ${unseen.join(', ')}.` : '';
  return combined(
    'portal_rules',
    problems,
    `${rules.length}, in this order: ${ruled.map(({ name }) => name).join(', ')}.${note}`,
  );
}

const nameOf = ({ portal, number }: NumberedRule) => `Rule ${number} of ${portal}`;

/** What Stripe says of a product or price. `unreadable`: the key lacks the right. */
type Sold = { state: 'sold' | 'ended' | 'missing' | 'unreadable'; product?: string };

const idsIn = ({ products = [], prices = [] }: PortalRule) => [...products, ...prices];

function soldProblems(each: NumberedRule, sold: ReadonlyMap<string, Sold>): Problem[] {
  return idsIn(each.rule).flatMap((id): Problem[] => {
    const state = sold.get(id)?.state;
    if (state === 'missing') {
      return [
        {
          outcome: 'warning',
          found: `${nameOf(each)} names ${id}, which the account does not have in this mode.`,
          next: 'Correct the id in portal.toml; those of test mode go under test.',
        },
      ];
    }
    if (state !== 'ended') return [];
    return [
      {
        outcome: 'warning',
        found: `${nameOf(each)} names ${id}, which is not sold any more: it holds only for people who have it still.`,
        next: 'Remove it from the rule when nobody has it.',
      },
    ];
  });
}

async function lookUp(
  rules: readonly NumberedRule[],
  stripe: Stripe,
  mode: Mode,
): Promise<Map<string, Sold>> {
  const ids = (kind: 'products' | 'prices') =>
    new Set(rules.flatMap(({ rule }) => rule[kind] ?? []));
  const livemode = mode === 'live';
  const sold = new Map<string, Sold>();
  for (const id of ids('products')) {
    sold.set(
      id,
      await look(livemode, async () => {
        const { active } = await stripe.products.retrieve(id);
        return { state: active ? 'sold' : 'ended' };
      }),
    );
  }
  for (const id of ids('prices')) {
    sold.set(
      id,
      await look(livemode, async () => {
        const { active, product } = await stripe.prices.retrieve(id);
        const of = typeof product === 'string' ? product : product.id;
        return { state: active ? 'sold' : 'ended', product: of };
      }),
    );
  }
  return sold;
}

async function look(livemode: boolean, retrieve: () => Promise<Sold>): Promise<Sold> {
  try {
    return await retrieve();
  } catch (error) {
    if (isForbidden(error)) return { state: 'unreadable' };
    if (isMissing(error, 'product') || isMissing(error, 'price')) return { state: 'missing' };
    throw toBillingError(error, livemode);
  }
}
