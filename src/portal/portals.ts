import type { Stripe } from 'stripe';
import type { Subscription } from '../customers/customer.ts';
import type { Flow } from './flow.ts';

type Features = keyof Stripe.BillingPortal.Configuration.Features;

/** What a portal can have switched on, by Stripe's names. */
export const FEATURES = [
  'customer_update',
  'invoice_history',
  'payment_method_update',
  'subscription_cancel',
  'subscription_pause',
  'subscription_update',
] as const satisfies Features[];

export type Feature = (typeof FEATURES)[number];

/** What customers can change about a subscription, by Stripe's names. */
export const UPDATES = [
  'price',
  'promotion_code',
  'quantity',
] as const satisfies Stripe.BillingPortal.Configuration.Features.SubscriptionUpdate.DefaultAllowedUpdate[];

export type Update = (typeof UPDATES)[number];

/** All of it must hold; of each list, one entry. */
export type PortalRule = {
  roles?: string[] | undefined;
  products?: string[] | undefined;
  prices?: string[] | undefined;
};

/** A portal configuration, and who gets it. */
export type Portal = {
  name: string;
  /** Stripe's id (bpc_…). Undefined: the account's default configuration. */
  configuration: string | undefined;
  /** What it has switched on. Undefined: not known here. */
  features: readonly Feature[] | undefined;
  /** What `subscription_update` lets customers change. Undefined: not known here. */
  updates: readonly Update[] | undefined;
  /** The coupon that Stripe offers to customers who come to cancel. */
  coupon: string | undefined;
  /** Customers get it if one of these holds for them. */
  rules: PortalRule[];
};

/** Those with rules, in the order in which they are tried, and the one for everybody else. */
export type Portals = { ruled: Portal[]; fallback: Portal };

/** Who asks, as rules see them. */
export type Applicant = {
  roles: readonly string[];
  /** Their role may not bill: they get a portal only by a rule that names their role. */
  isRestricted: boolean;
  subscriptions: readonly Subscription[];
};

/**
 * The portal of a customer: the first that has a rule for them, or else the one without. Undefined
 * if their role may not bill, and no rule names it.
 */
export function choosePortal(
  { ruled, fallback }: Portals,
  applicant: Applicant,
): Portal | undefined {
  const counts = (rule: PortalRule) => !applicant.isRestricted || rule.roles !== undefined;
  const portal = ruled.find(({ rules }) =>
    rules.some((rule) => counts(rule) && holds(rule, applicant)),
  );
  return portal ?? (applicant.isRestricted ? undefined : fallback);
}

/** Whether a rule holds. Prices and products are those of subscriptions that have begun and not ended. */
export function holds(
  rule: PortalRule,
  { roles, subscriptions }: Omit<Applicant, 'isRestricted'>,
): boolean {
  // Anyone can begin a checkout and not pay it.
  const begun = subscriptions.filter(({ status }) => status !== 'incomplete');
  const items = begun.flatMap((each) => each.items);
  return (
    (rule.roles?.some((role) => roles.includes(role)) ?? true) &&
    (rule.products?.some((id) => items.some(({ productId }) => productId === id)) ?? true) &&
    (rule.prices?.some((id) => items.some(({ price }) => price === id)) ?? true)
  );
}

/** What each flow needs to be switched on. */
const FEATURE_OF: Record<Flow, Feature> = {
  customer_update: 'customer_update',
  payment_method_update: 'payment_method_update',
  subscription_cancel: 'subscription_cancel',
  subscription_pause: 'subscription_pause',
  subscription_update: 'subscription_update',
  subscription_update_confirm: 'subscription_update',
};

/** Whether the portal has a flow switched on, or may have: Stripe refuses it if it has not. */
export const mayHave = ({ features }: Portal, flow: Flow): boolean =>
  features?.includes(FEATURE_OF[flow]) ?? true;

/** The same portal without what a flow needs: Stripe has just refused it. */
export const withoutFlow = (portal: Portal, flow: Flow): Portal => ({
  ...portal,
  features: portal.features?.filter((feature) => feature !== FEATURE_OF[flow]),
});

/** Whether the portal is known to have a feature. */
export const has = ({ features }: Portal, feature: Feature): boolean =>
  features?.includes(feature) ?? false;

/** Whether it takes a customer's subscriptions to say which portal is theirs. */
export const dependsOnSubscriptions = ({ ruled }: Portals): boolean =>
  ruled.some(({ rules }) => rules.some(({ products, prices }) => products ?? prices));
