import { Stripe } from 'stripe';
import { toBillingError } from '../stripe/faults.ts';

/**
 * Runs calls of Stripe's client. What Stripe refuses is thrown as a BillingError, which says what
 * to do; all other faults pass as they are.
 */
export async function askingStripe<T>(mode: 'live' | 'test', calls: () => Promise<T>): Promise<T> {
  try {
    return await calls();
  } catch (error) {
    throw error instanceof Stripe.errors.StripeError
      ? toBillingError(error, mode === 'live')
      : error;
  }
}
