import type { Context } from 'hono';
import { knownCustomers } from '../customers/find.ts';
import type { AppEnv } from '../http/context.ts';
import { nameOf, type Principal } from '../identity/principal.ts';
import { covers } from './covers.ts';
import { recogniseVisitor, type Recognition } from './recognise.ts';

/**
 * Who is signed in where a link is opened, and whether the site's own token says so. `isValid` is
 * false for an expired token.
 */
export type Present =
  | { kind: 'nobody' | 'same'; byToken: boolean }
  | {
      kind: 'other';
      byToken: boolean;
      isValid: boolean;
      email: string | undefined;
      /** The name of the principal, if the token has expired. */
      expired: string | undefined;
    };

/**
 * Compares the visitor with the principal that a link names. The subject of an expired token
 * counts as signed in: the link asks before it opens another account.
 */
export async function whoIsPresent(c: Context<AppEnv>, named: Principal): Promise<Present> {
  const recognition = await recogniseVisitor(c);
  // Cookies of several subjects: the link asks before it opens an account.
  if (recognition.kind === 'refused' && recognition.reason === 'conflicting_cookies') {
    return { kind: 'other', byToken: false, isValid: false, email: undefined, expired: undefined };
  }
  const principal = principalIn(recognition);
  if (!principal) return { kind: 'nobody', byToken: false };
  const byToken = recognition.kind === 'recognised' && recognition.source === 'token';
  const services = c.get('services');
  if (await covers(principal, named, services)) return { kind: 'same', byToken };
  const [first] = await knownCustomers(principal, services, 'primary');
  const isValid = recognition.kind === 'recognised';
  const email = principal.email ?? first?.email ?? undefined;
  const expired = isValid ? undefined : nameOf(principal);
  return { kind: 'other', byToken, isValid, email, expired };
}

function principalIn(recognition: Recognition): Principal | undefined {
  if (recognition.kind === 'recognised') return recognition.principal;
  return recognition.kind === 'refused' ? recognition.was : undefined;
}
