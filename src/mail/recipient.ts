import type { CustomerStore } from '../customers/stores/customers.ts';
import type { LinkStore } from '../links/store.ts';
import { comparable, spellingsOf } from './address.ts';

/** One address, and the customers that a link for its owner opens: those that have it today. */
export type Recipient = { address: string; customers: string[] };

const CUSTOMERS = 20;

/** All customers with this address that mails may go to. The address is as Stripe has it. */
export async function recipientAt(
  address: string,
  { customers, links }: { customers: CustomerStore; links: LinkStore },
  livemode: boolean,
): Promise<Recipient | undefined> {
  const found = await customers.findByEmail(spellingsOf(address), livemode, CUSTOMERS);
  if (found.length === 0) return undefined;
  const mailable = new Set(await links.mailable(found.map(({ id }) => id)));
  return recipientAmong(found.filter(({ id }) => mailable.has(id)));
}

/**
 * Who gets a link for these customers, if they have several addresses: the preferred one while a
 * customer still has it, or else that of the first. The others' customers are not on that link.
 */
export function recipientAmong(
  customers: { id: string; email: string | null }[],
  preferred?: string,
): Recipient | undefined {
  const first = customers.find(({ email }) => email)?.email;
  if (!first) return undefined;
  const having = (address: string) =>
    customers.filter(({ email }) => email && comparable(email) === comparable(address));
  const preferring = preferred === undefined ? [] : having(preferred);
  const chosen = (preferring.length > 0 ? preferring : having(first)).slice(0, CUSTOMERS);
  return { address: chosen[0]?.email ?? first, customers: chosen.map(({ id }) => id) };
}
