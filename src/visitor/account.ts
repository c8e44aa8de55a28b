import type { Context } from 'hono';
import { originOf } from '../http/addresses.ts';
import type { AppEnv } from '../http/context.ts';
import { deleteOwnCookie, ownCookie, setOwnCookie } from '../http/cookies.ts';
import type { Principal } from '../identity/principal.ts';
import type { SealedPrincipal } from '../identity/principal-seal.ts';
import { endLinkSession } from './link-session.ts';
import { endSwitch } from './switch.ts';

// The cookie `__Host-account` holds the session of somebody who signed in at the provider. It
// stays for a day: once it has expired, it still says who to ask the provider for.
const NAME = 'account';
const A_DAY = 86_400;

/** The session of somebody who signed in at the provider. The API does not take it. */
export async function readAccount(
  c: Context<AppEnv>,
): Promise<Exclude<SealedPrincipal, { kind: 'refused' }> | { kind: 'none' }> {
  const { signIn } = c.get('services');
  const token = signIn && ownCookie(c, NAME);
  if (!signIn || token === undefined) return { kind: 'none' };
  const reading = await signIn.sessions.open(token, originOf(c), new Date());
  if (reading.kind !== 'refused') return reading;
  c.get('trace').tokenRefusal = `account: ${reading.reason}`;
  endAccount(c);
  endSwitch(c);
  return { kind: 'none' };
}

/** Begins a session, in place of any other of ours, and of one that waits for consent. */
export async function beginAccount(
  c: Context<AppEnv>,
  principal: Principal,
  now: Date,
): Promise<void> {
  const { signIn } = c.get('services');
  const token = await signIn?.sessions.close(principal, originOf(c), now);
  if (token !== undefined) setOwnCookie(c, NAME, token, A_DAY);
  endLinkSession(c);
  endSwitch(c);
}

export function endAccount(c: Context<AppEnv>): void {
  deleteOwnCookie(c, NAME);
}
