import { Stripe } from 'stripe';
import { BillingError } from '../errors/billing-error.ts';

// Stripe's own bound, which its client applies to the past only.
// https://docs.stripe.com/webhooks#replay-attacks
const TOLERANCE_SECONDS = 300;

/**
 * Verifies a delivery over its raw bytes: a snapshot event or a thin notification. While a
 * secret is being rotated, any of them will do.
 *
 * @returns what was signed, which need not be an event
 * @throws BillingError `webhook_refused`
 */
export async function verifyDelivery(
  stripe: Stripe,
  body: Uint8Array,
  signature: string | undefined,
  secrets: string[],
  now: Date,
): Promise<unknown> {
  if (signature === undefined) throw refused('There is no Stripe-Signature header.');
  checkTimestamp(signature, now);
  const isThin = objectIn(body) === 'v2.core.event';
  for (const secret of secrets) {
    const proof = [body, signature, secret, TOLERANCE_SECONDS, undefined, now.getTime()] as const;
    try {
      return isThin
        ? await stripe.parseEventNotificationAsync(...proof)
        : await stripe.webhooks.constructEventAsync(...proof);
    } catch (error) {
      // The client trips over what is signed and no event.
      if (!(error instanceof Stripe.errors.StripeError)) throw refused('The body is not an event.');
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error;
    }
  }
  throw refused('No signature is of a secret in STRIPE_WEBHOOK_SECRET.');
}

/** Stripe's client lets pass what is from the future, and a time that is no number. */
function checkTimestamp(signature: string, now: Date): void {
  const times = signature.split(',').filter((part) => part.startsWith('t='));
  const [time = ''] = times;
  if (times.length !== 1 || !/^t=\d{1,12}$/.test(time)) throw refused('Its time cannot be read.');
  const age = now.getTime() / 1000 - Number(time.slice(2));
  if (Math.abs(age) > TOLERANCE_SECONDS) throw refused('Its time is over five minutes off.');
}

/** The kind of the event, to choose the parser by; nothing is believed before the signature. */
function objectIn(body: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    if (typeof value === 'object' && value !== null && 'object' in value) return value.object;
  } catch {
    // Told below, like any other body that is no event.
  }
  throw refused('The body is not an event.');
}

function refused(reason: string): BillingError {
  return new BillingError('webhook_refused', reason, {
    detail: reason,
    remedy:
      'Check that STRIPE_WEBHOOK_SECRET is the signing secret of this very endpoint, and that ' +
      'nothing on the way changes the body.',
  });
}
