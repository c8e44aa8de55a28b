import { Stripe } from 'stripe';
import { BillingError } from '../errors/billing-error.ts';

// Stripe's own bound. Its client applies it to the past only.
// https://docs.stripe.com/webhooks#replay-attacks
const TOLERANCE_SECONDS = 300;

// `t=1492774577,v1=5257a869…,v0=6ffbb59b…`: https://docs.stripe.com/webhooks#verify-manually
const HEADER = /^[a-z]\w*=[\w+/=-]+(?:,[a-z]\w*=[\w+/=-]+)*$/;
const TIME = /^t=(0|[1-9]\d{0,11})$/;

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
  if (secrets.length === 0) throw refused('STRIPE_WEBHOOK_SECRET says that there is no endpoint.');
  if (signature === undefined) throw refused('There is no Stripe-Signature header.');
  checkTime(signature, now);
  const text = textOf(body);
  const isThin = objectIn(text) === 'v2.core.event';
  for (const secret of secrets) {
    const proof = [text, signature, secret, TOLERANCE_SECONDS, undefined, now.getTime()] as const;
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

/**
 * Stripe's client accepts times from the future, the last of several times, and parts that it
 * cannot read. It counts whole seconds, and so do we: exactly 300 are within the tolerance.
 */
function checkTime(signature: string, now: Date): void {
  if (!HEADER.test(signature)) throw refused('The Stripe-Signature header cannot be read.');
  const [time = '', ...others] = signature.split(',').filter((part) => part.startsWith('t='));
  const [, seconds] = TIME.exec(time) ?? [];
  if (seconds === undefined || others.length > 0) throw refused('Its time cannot be read.');
  const age = Math.floor(now.getTime() / 1000) - Number(seconds);
  if (Math.abs(age) > TOLERANCE_SECONDS) throw refused('Its time is over five minutes off.');
}

/**
 * The text that encodes to exactly these bytes. The client decodes leniently: it drops a byte
 * order mark and replaces what is not UTF-8, so other bytes could pass for the signed ones.
 */
function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw refused('The body is not UTF-8.');
  }
}

/** The kind of event, to choose the parser. Nothing else is read before the signature is. */
function objectIn(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'object' in value) return value.object;
  } catch {
    // Falls through to the refusal below.
  }
  throw refused('The body is not an event.');
}

function refused(reason: string): BillingError {
  return new BillingError('webhook_refused', reason, { detail: reason });
}
