import type { Stripe } from 'stripe';
import { dashboardOf, modeOf } from '../settings.ts';
import {
  lackingOf,
  mayReadCoupons,
  NO_COUPONS,
  OPTIONAL_TRIALS,
  type Trial,
} from '../stripe-key.ts';
import type { Target } from '../target.ts';
import { failure, ok, warning, type Finding } from './finding.ts';

const WRITES = 'rak_customer_portal_write';

/** What the Worker does with the key. */
const NEEDED: readonly Trial[] = [
  {
    permission: 'rak_customer_read',
    attempt: async (stripe) => stripe.customers.list({ limit: 1 }),
  },
  {
    permission: 'rak_subscription_read',
    attempt: async (stripe) => stripe.subscriptions.list({ limit: 1 }),
  },
  {
    permission: 'rak_product_read',
    attempt: async (stripe) => stripe.products.list({ limit: 1 }),
  },
  {
    permission: 'rak_checkout_session_read',
    attempt: async (stripe) => stripe.checkout.sessions.list({ limit: 1 }),
  },
  { permission: 'rak_event_read', attempt: async (stripe) => stripe.events.list({ limit: 1 }) },
  {
    permission: WRITES,
    // Stripe checks the permission before it finds that there is no such customer.
    attempt: async (stripe) =>
      stripe.billingPortal.sessions.create({ customer: 'cus_doctor0tries0the0right' }),
  },
];

const OPTIONAL = [
  {
    permission: 'rak_webhook_read',
    attempt: async (stripe: Stripe) => stripe.webhookEndpoints.list({ limit: 1 }),
    without: 'The Worker does without Webhook Endpoints; doctor and setup do not.',
  },
  ...OPTIONAL_TRIALS,
];

/** Tries each permission that the Worker's key needs, or can do without. */
export async function examinePermissions(
  stripe: Stripe,
  secretKey: string,
  { place }: Target,
): Promise<Finding> {
  if (!secretKey.startsWith('rk_'))
    return ok('stripe_permissions', 'An unrestricted key may do all.');
  const needed = await lackingOf(stripe, NEEDED);
  const optional = await lackingOf(stripe, OPTIONAL);
  const lacking = [...needed, ...optional].map(({ permission }) => permission);
  if (lacking.length === 0) {
    const more = (await mayReadCoupons(stripe)) ? '' : ` ${NO_COUPONS}`;
    return ok('stripe_permissions', `All that are needed.${more}`);
  }
  const found = `The key lacks ${lacking.join(', ')}.`;
  const next = `Edit the key at ${dashboardOf(modeOf(secretKey))}/apikeys and add them.`;
  if (place === 'remote' && lacking.length === 1 && lacking[0] === WRITES) {
    return warning(
      'stripe_permissions',
      `The key only reads, which is enough for doctor. The Worker’s own needs ${WRITES}.`,
      'If this is the key of the Worker, add the permission. Otherwise, nothing is to be done.',
    );
  }
  if (needed.length > 0) return failure('stripe_permissions', found, next);
  const effects = optional.map(({ without }) => without);
  return warning('stripe_permissions', found, [next, ...effects].join(' '));
}
