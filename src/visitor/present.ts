import type { Context } from 'hono';
import { knownCustomers } from '../customers/find.ts';
import type { Customer } from '../customers/store.ts';
import type { Holder } from '../links/holder.ts';
import type { Identity } from '../identity/identify.ts';
import type { AppEnv } from '../http/context.ts';
import { recogniseVisitor } from './recognise.ts';

/** Who is signed in where a link is opened; `isOfSite` where the site itself says so. */
export type Present =
  | { kind: 'nobody' | 'same'; isOfSite: boolean }
  | { kind: 'other'; isOfSite: boolean; email: string | undefined };

/** Whether somebody else is signed in here than the one whom the link is for. */
export async function whoIsPresent(c: Context<AppEnv>, holder: Holder): Promise<Present> {
  const identification = await recogniseVisitor(c);
  if (identification.kind !== 'recognised') return { kind: 'nobody', isOfSite: false };
  const { identity } = identification;
  const isOfSite = identity.via === 'jwt';
  const theirs = await knownCustomers(identity, c.get('services'), 'primary');
  return holds(identity, theirs, holder)
    ? { kind: 'same', isOfSite }
    : { kind: 'other', isOfSite, email: identity.email ?? theirs[0]?.email ?? undefined };
}

function holds(identity: Identity, theirs: Customer[], holder: Holder): boolean {
  if ('subject' in holder) return 'subject' in identity && identity.subject === holder.subject;
  return holder.customers.every((id) => theirs.some((customer) => customer.id === id));
}
