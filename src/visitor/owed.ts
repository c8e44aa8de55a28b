import type { Context } from 'hono';
import type { Customer } from '../customers/customer.ts';
import type { AppEnv } from '../http/context.ts';
import { nameOf, type Principal } from '../identity/principal.ts';
import { isPaid, mayOwe, readOwed, type Owed } from '../portal/due.ts';
import { toBillingError } from '../stripe/faults.ts';
import { log } from '../telemetry/log.ts';
import { MOST_CUSTOMERS, owingFirst } from './payment.ts';
import { withinTime } from '../within-time.ts';

// The page is there for more than this.
const MILLISECONDS = 1_000;

/**
 * What these customers owe at this moment, by their ids. Stripe is asked only about those that D1
 * gives a reason for, or about all if the visitor came to pay.
 */
export async function lookUpOwed(
  c: Context<AppEnv>,
  principal: Principal,
  customers: Customer[],
  cameToPay: boolean,
): Promise<Map<string, Owed>> {
  const asked = owingFirst(customers)
    .filter(({ subscriptions }) => cameToPay || subscriptions.some(mayOwe))
    .slice(0, MOST_CUSTOMERS);
  if (asked.length === 0) return new Map();
  // A page costs no session, so its questions are counted on their own.
  const counted = c.get('services').limits.session(`invoices of ${nameOf(principal)}`);
  const entries = asked.map(async ({ id }) => {
    const owed = counted.then(async () => ask(c, id)).catch((error) => unread(c, id, error));
    return [id, await withinTime(owed, MILLISECONDS, 'unknown' as const)] as const;
  });
  return new Map(await Promise.all(entries));
}

async function ask(c: Context<AppEnv>, customer: string): Promise<Owed> {
  const { stripe, config } = c.get('services');
  const open = await readOwed(stripe, customer, config.livemode, new Date());
  // A page needs no address, which is a key to the invoice.
  return open?.map(({ address: _, ...due }) => due) ?? 'closed';
}

/** Whether the invoice is paid that the visitor went to pay. False if Stripe does not say so in time. */
export async function isSettled(
  c: Context<AppEnv>,
  { customer, invoice }: { customer: string; invoice: string },
): Promise<boolean> {
  const { stripe, config } = c.get('services');
  const paid = isPaid(stripe, { customer, invoice }, config.livemode).catch((error: unknown) => {
    unread(c, customer, error);
    return false;
  });
  return withinTime(paid, MILLISECONDS, false);
}

function unread(c: Context<AppEnv>, customer: string, error: unknown): Owed {
  const { code, message } = toBillingError(error, c.get('services').config.livemode);
  log('error', { event: 'invoices_unread', customer, code, reason: message });
  return 'unknown';
}
