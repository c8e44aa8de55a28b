import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { syncCustomer } from '../customers/sync.ts';
import { log } from '../log.ts';
import { toBillingError } from '../stripe/faults.ts';
import type { AppEnv } from './context.ts';

// `__Host-portal` remembers which customer somebody went to the portal with, so that coming
// back is noticed once. It proves nothing: the customer must be one of the visitor's own.
const NAME = 'portal';
const OPTIONS = { prefix: 'host', path: '/', secure: true } as const;
const A_DAY = 86_400;

// Longer than Stripe usually takes, shorter than people notice.
const SYNC_MILLISECONDS = 1_500;

export function rememberPortalVisit(c: Context<AppEnv>, customer: string): void {
  setCookie(c, NAME, customer, { ...OPTIONS, httpOnly: true, sameSite: 'Lax', maxAge: A_DAY });
}

/** The customer that the visitor was at the portal with, told once. */
export function takePortalVisit(c: Context<AppEnv>): string | undefined {
  const customer = getCookie(c, NAME, OPTIONS.prefix);
  if (customer !== undefined) deleteCookie(c, NAME, OPTIONS);
  return customer;
}

/**
 * Syncs the customer before the page is shown, as the webhook of what was just changed may
 * still be under way. A sync that takes too long ends after the answer.
 */
export async function refresh(c: Context<AppEnv>, customer: string, now: Date): Promise<void> {
  const { services } = c.var;
  const sync = syncCustomer(customer, services, now).catch((error: unknown) => {
    const { code, message } = toBillingError(error, services.config.livemode);
    log('error', { event: 'sync_failed', customer, code, reason: message });
  });
  c.executionCtx.waitUntil(sync);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, SYNC_MILLISECONDS);
  });
  await Promise.race([sync, timeout]);
  clearTimeout(timer);
}
