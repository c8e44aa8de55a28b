import type { Context } from 'hono';
import { originOf } from '../http/addresses.ts';
import type { AppEnv } from '../http/context.ts';
import { deleteOwnCookie, ownCookie, setOwnCookie } from '../http/cookies.ts';
import type { Principal } from '../identity/principal.ts';
import { SWITCH_SECONDS } from '../identity/sign-in.ts';

// The cookie `__Host-switch` holds who has signed in at the provider while the browser had a
// session of somebody else. It opens nothing until the visitor agrees.
const NAME = 'switch';

export async function keepSwitch(
  c: Context<AppEnv>,
  principal: Principal,
  now: Date,
): Promise<void> {
  const value = await c.get('services').signIn?.switches.close(principal, originOf(c), now);
  if (value !== undefined) setOwnCookie(c, NAME, value, SWITCH_SECONDS);
}

/** Who waits for the visitor's consent; undefined if nobody does. */
export async function readSwitch(c: Context<AppEnv>, now: Date): Promise<Principal | undefined> {
  const value = ownCookie(c, NAME);
  if (value === undefined) return undefined;
  const opened = await c.get('services').signIn?.switches.open(value, originOf(c), now);
  return opened?.kind === 'valid' ? opened.principal : undefined;
}

export function endSwitch(c: Context<AppEnv>): void {
  deleteOwnCookie(c, NAME);
}
