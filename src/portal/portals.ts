import type { Stripe } from 'stripe';
import type { Subscription } from '../customers/customer.ts';

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
  /** It is for customers of whom one of these holds. */
  rules: PortalRule[];
};

/** Those with rules, in the order in which they are tried, and the one for everybody else. */
export type Portals = { ruled: Portal[]; fallback: Portal };

/** Who asks, as rules see them. */
export type Applicant = { roles: readonly string[]; subscriptions: readonly Subscription[] };

/** The portal of a customer: the first that has a rule for them, or else the one without. */
export function choosePortal({ ruled, fallback }: Portals, applicant: Applicant): Portal {
  return ruled.find(({ rules }) => rules.some((rule) => holds(rule, applicant))) ?? fallback;
}

/** Whether a rule holds. Prices and products are those of subscriptions that have not ended. */
export function holds(rule: PortalRule, { roles, subscriptions }: Applicant): boolean {
  const items = subscriptions.flatMap((each) => each.items);
  return (
    (rule.roles?.some((role) => roles.includes(role)) ?? true) &&
    (rule.products?.some((id) => items.some(({ productId }) => productId === id)) ?? true) &&
    (rule.prices?.some((id) => items.some(({ price }) => price === id)) ?? true)
  );
}
