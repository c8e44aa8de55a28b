import { isLoopback, parseSecureUrl } from '../config/secure-url.ts';
import type { Due, OpenInvoice } from './due.ts';
import type { Intent } from './intent.ts';

/** Those that can be paid and are meant. An id from a request counts only if it is one of these. */
export function payableOf<Invoice extends Due>(
  open: Invoice[],
  { subscription, invoice }: Pick<Intent, 'subscription' | 'invoice'> = {},
): Invoice[] {
  return open.filter(
    (each) =>
      !each.isOnItsWay &&
      (invoice ?? each.id) === each.id &&
      (subscription ?? each.subscription) === each.subscription,
  );
}

/**
 * The page of an invoice, if it is one of Stripe's: custom domains are for checkouts and portals.
 * https://docs.stripe.com/payments/checkout/custom-domains
 *
 * @param apiBase  the stand-in's address in development. Its pages are on this machine, too
 * @returns null if there is none, as for an account that has switched these pages off
 */
export function invoicePage(
  { address }: Pick<OpenInvoice, 'address'>,
  apiBase: URL | undefined,
): string | null {
  const url = address === null ? null : parseSecureUrl(address);
  if (!url) return null;
  const isStripe = url.protocol === 'https:' && url.hostname.endsWith('.stripe.com');
  const isStandIn = apiBase && isLoopback(apiBase.hostname) && isLoopback(url.hostname);
  return isStripe || isStandIn ? url.href : null;
}
