import type { Context } from 'hono';
import type { AppEnv } from '../http/context.ts';
import type { Principal } from '../identity/principal.ts';
import { knownBillable } from './billable.ts';
import { covers } from './covers.ts';
import { isOfSite, nameOfExpired, recogniseVisitor, type Recognition } from './recognise.ts';

/**
 * Who is signed in where a link is opened, and whether the site says so. `isValid` is
 * false for an expired token.
 */
export type Present = {
  bySite: boolean;
  /** An expired token of the browser, as `nameOfExpired` names it. */
  expired: string | undefined;
} & ({ kind: 'nobody' | 'same' } | { kind: 'other'; isValid: boolean; email: string | undefined });

/**
 * Compares the visitor with the principal that a link names. The subject of an expired token
 * counts as signed in: the link asks before it opens another account.
 */
export async function whoIsPresent(c: Context<AppEnv>, named: Principal): Promise<Present> {
  const recognition = await recogniseVisitor(c);
  const isValid = recognition.kind === 'recognised';
  const bySite = isValid && isOfSite(recognition.source);
  const seen = { bySite, expired: expiredIn(recognition) };
  // Cookies of several subjects: the link asks before it opens an account.
  if (recognition.kind === 'refused' && recognition.reason === 'conflicting_cookies') {
    return { ...seen, kind: 'other', isValid, email: undefined };
  }
  const principal = principalIn(recognition);
  if (!principal) return { ...seen, kind: 'nobody' };
  const services = c.get('services');
  if (await covers(principal, named, services)) return { ...seen, kind: 'same' };
  const [first] = await knownBillable(principal, services);
  const email = principal.email ?? first?.email ?? undefined;
  return { ...seen, kind: 'other', isValid, email };
}

function principalIn(recognition: Recognition): Principal | undefined {
  if (recognition.kind === 'recognised') return recognition.principal;
  return recognition.kind === 'refused' ? recognition.was?.principal : undefined;
}

function expiredIn(recognition: Recognition): string | undefined {
  if (recognition.kind === 'recognised') return recognition.expired;
  return recognition.kind === 'refused' && recognition.was
    ? nameOfExpired(recognition.was)
    : undefined;
}
