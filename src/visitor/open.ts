import { withoutPaying, type Intent } from '../portal/intent.ts';
import type { Services } from '../services.ts';
import { countingOnce } from './counted.ts';
import { freshSession, type PortalRequest, type SessionOutcome } from './fresh-session.ts';
import type { PaymentOutcome } from './payment.ts';

export type OpenRequest = Omit<PortalRequest, 'intent'> & { intent: Intent };
export type OpenOutcome = SessionOutcome | Exclude<PaymentOutcome, { kind: 'closed' }>;

/**
 * The page at Stripe that somebody came for: that of an invoice, or a fresh session. If no invoice
 * can be opened, the portal is, which lists them as well.
 *
 * @throws BillingError as openInvoice and freshSession do
 */
export async function openStripe(
  services: Services,
  request: OpenRequest,
  now: Date,
): Promise<OpenOutcome> {
  const { principal, intent } = request;
  const counted = countingOnce(services);
  const wantsToPay = intent.flow === 'pay';
  if (wantsToPay) {
    const { openInvoice } = await import('./payment.ts');
    const payment = await openInvoice(counted, { principal, intent, ifSeveral: 'ask' }, now);
    if (payment.kind !== 'closed') return payment;
  }
  const home = { ...request, intent: withoutPaying(intent) };
  const session = await freshSession(counted, home, now);
  return wantsToPay && session.kind === 'opened' ? { ...session, flowUnavailable: true } : session;
}

/** What the log says of it. */
export const openedOf = (outcome: Extract<OpenOutcome, { kind: 'opened' }>) =>
  'invoice' in outcome ? 'invoice_opened' : 'session_opened';
