import type { Context } from 'hono';
import type { Customer } from '../customers/customer.ts';
import { syncCustomer } from '../customers/sync.ts';
import { log } from '../telemetry/log.ts';
import type { Flow } from '../portal/flow.ts';
import { parseVisit, snapshot, type Visit } from '../portal/visit.ts';
import { toBillingError } from '../stripe/faults.ts';
import type { AppEnv } from '../http/context.ts';
import { deleteOwnCookie, ownCookie, setOwnCookie } from '../http/cookies.ts';
import { withinTime } from '../within-time.ts';

// The cookie `__Host-portal` remembers which customer's portal the visitor went to, so that the
// page can show once what changed. It proves nothing: the customer must be the visitor's own.
const NAME = 'portal';
const A_DAY = 86_400;

// Longer than Stripe usually takes, and shorter than people notice.
const SYNC_MILLISECONDS = 1_500;

export function rememberPortalVisit(
  c: Context<AppEnv>,
  {
    customer,
    flowUnavailable,
    refused,
    invoice,
  }: { customer: Customer; flowUnavailable: boolean; refused?: Flow | undefined; invoice?: string },
): void {
  const before = snapshot(customer.subscriptions);
  const visit: Visit = { customer: customer.id, flowUnavailable, refused, invoice, before };
  setOwnCookie(c, NAME, JSON.stringify(visit), A_DAY);
}

/** The visit to the portal that the visitor comes back from. */
export function readPortalVisit(c: Context<AppEnv>): Visit | null {
  const text = ownCookie(c, NAME);
  return text === undefined ? null : parseVisit(text);
}

/** Forgets the visit: its changes were shown, or the visitor signs out. */
export function forgetPortalVisit(c: Context<AppEnv>): void {
  deleteOwnCookie(c, NAME);
}

/**
 * Syncs the customer before the page is shown: the webhook of a change may not have arrived yet.
 * A sync that takes too long finishes after the response.
 *
 * @returns whether D1 now has Stripe's state
 */
export async function refresh(c: Context<AppEnv>, customer: string, now: Date): Promise<boolean> {
  const services = c.get('services');
  // Anyone can make up the cookie, and each one would cost a call to Stripe.
  const sync = services.limits
    .session(customer)
    .then(async () => syncCustomer(customer, services, now))
    .then(
      () => true,
      (error: unknown) => {
        const { code, message } = toBillingError(error, services.config.livemode);
        log('error', { event: 'sync_failed', customer, code, reason: message });
        return false;
      },
    );
  c.executionCtx.waitUntil(sync);
  return withinTime(sync, SYNC_MILLISECONDS, false);
}
