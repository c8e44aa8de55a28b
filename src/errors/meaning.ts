import type { BillingError } from './billing-error.ts';
import { catalogue } from './catalogue.ts';
import type { Entry } from './entry.ts';

// What there is to say of a fault. The Worker loads it when there is one.

export const entryOf = ({ code }: BillingError): Entry => catalogue[code];

/** Whether the same request may well work the next time. */
export function isPassing(error: BillingError): boolean {
  const { code } = error;
  const { retryAfter } = entryOf(error);
  return retryAfter !== undefined || code === 'unexpected' || code === 'challenge_failed';
}

/** What the operator can do. Visitors see it on loopback hosts only. */
export function remedyOf(error: BillingError): string | undefined {
  const { remedy, situation } = error.details;
  if (remedy !== undefined) return remedy;
  const { remedy: usual } = entryOf(error);
  return typeof usual === 'function' ? situation && usual(situation) : usual;
}

/** What to do, for an operator at the command line. */
export const adviceOf = (error: BillingError): string => remedyOf(error) ?? entryOf(error).detail;
