import { Stripe } from 'stripe';
import { isSearchRefused, toBillingError } from '../../stripe/faults.ts';
import { fillCommand } from '../target.ts';
import type { Mode } from '../settings.ts';
import { ok, skipped, warning, type Finding } from './finding.ts';
import type { Subject } from './subject.ts';

/**
 * Whether Stripe searches for this account. It does not in some countries.
 *
 * @throws BillingError if Stripe cannot be asked
 */
export async function examineSearch(
  { target }: Subject,
  stripe: Stripe,
  mode: Mode,
): Promise<Finding[]> {
  try {
    await stripe.customers.search({ query: "metadata['user_id']:'doctor'", limit: 1 });
    return [ok('stripe_search', 'Stripe searches for customers.')];
  } catch (error) {
    if (error instanceof Stripe.errors.StripePermissionError) {
      return [skipped('stripe_search', 'The key may not search.')];
    }
    if (!isSearchRefused(error)) throw toBillingError(error, mode === 'live');
    return [
      warning(
        'stripe_search',
        'Stripe refuses to search: it does not search for accounts of some countries, such as India.',
        `Complete the first fill with ${fillCommand(target)}, and keep the webhook and the cron job well: then D1 knows everybody.`,
      ),
    ];
  }
}
