import type { Context } from 'hono';
import type { Customer } from '../customers/customer.ts';
import { knownCustomers } from '../customers/find.ts';
import type { AppEnv } from '../http/context.ts';
import type { Principal } from '../identity/principal.ts';
import { recogniseVisitor } from './recognise.ts';

/** Who is signed in where a link is opened, and whether the site's own token says so. */
export type Present =
  | { kind: 'nobody' | 'same'; byToken: boolean }
  | { kind: 'other'; byToken: boolean; email: string | undefined };

/** Compares the visitor with the principal that a link names. */
export async function whoIsPresent(c: Context<AppEnv>, named: Principal): Promise<Present> {
  const recognition = await recogniseVisitor(c);
  if (recognition.kind !== 'recognised') return { kind: 'nobody', byToken: false };
  const { principal, source } = recognition;
  const byToken = source === 'token';
  const own = await knownCustomers(principal, c.get('services'), 'primary');
  return covers(principal, own, named)
    ? { kind: 'same', byToken }
    : { kind: 'other', byToken, email: principal.email ?? own[0]?.email ?? undefined };
}

function covers(principal: Principal, own: Customer[], named: Principal): boolean {
  if ('subject' in named) return 'subject' in principal && principal.subject === named.subject;
  return named.customers.every((id) => own.some((customer) => customer.id === id));
}
