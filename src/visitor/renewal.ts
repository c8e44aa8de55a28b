import type { Context } from 'hono';
import { knownCustomers } from '../customers/find.ts';
import type { AppEnv } from '../http/context.ts';
import { isRenewable } from '../links/link.ts';
import { recipientAmong, type Recipient } from '../mail/recipient.ts';
import type { GenuineLink } from './read-link.ts';

/**
 * Who gets a new link: the owner of the address that the link's customers have today. The address
 * in the old link may be somebody else's by now. Undefined if no link can be mailed.
 */
export async function recipientOf(
  c: Context<AppEnv>,
  genuine: GenuineLink,
): Promise<Recipient | undefined> {
  if (genuine.mailIsStopped || !isRenewable(genuine, new Date())) return undefined;
  const { principal } = genuine.link;
  const customers = await knownCustomers(principal, c.get('services'), 'primary');
  return recipientAmong(customers, principal.email);
}
