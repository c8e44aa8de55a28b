import { Stripe } from 'stripe';
import { BillingError } from '../errors/billing-error.ts';

// Stripe's own bound. Its client applies it to the past only.
// https://docs.stripe.com/webhooks#replay-attacks
const TOLERANCE_SECONDS = 300;

/**
 * Verifies a delivery over its raw bytes: a snapshot event or a thin notification. Any of the
 * secrets will do, so that they can be rotated.
 *
 * @returns the signed value, which is not always an event
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
      // The client fails on signed bodies that are not events.
      if (!(error instanceof Stripe.errors.StripeError)) throw refused('The body is not an event.');
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error;
    }
  }
  throw refused('No signature matches STRIPE_WEBHOOK_SECRET.');
}

/** Stripe's client accepts timestamps from the future, and any that is not a number. */
function checkTimestamp(signature: string, now: Date): void {
  const times = signature.split(',').filter((part) => part.startsWith('t='));
  const [time = ''] = times;
  if (times.length !== 1 || !/^t=\d{1,12}$/.test(time)) throw refused('Its time cannot be read.');
  const age = now.getTime() / 1000 - Number(time.slice(2));
  if (Math.abs(age) > TOLERANCE_SECONDS) throw refused('Its time is over five minutes off.');
}

/** The kind of event, to choose the parser. Nothing else is read before the signature is. */
function objectIn(body: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    if (typeof value === 'object' && value !== null && 'object' in value) return value.object;
  } catch {
    // Falls through to the refusal below.
  }
  throw refused('The body is not an event.');
}

function refused(reason: string): BillingError {
  return new BillingError('webhook_refused', reason, { detail: reason });
}
