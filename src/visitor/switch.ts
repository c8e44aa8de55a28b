import type { Context } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import { originOf } from '../http/addresses.ts';
import type { AppEnv } from '../http/context.ts';
import { hostCookie } from '../http/cookies.ts';
import type { Principal } from '../identity/principal.ts';
import { SWITCH_SECONDS } from '../identity/sign-in.ts';

// The cookie `__Host-switch` holds who has signed in at the provider while the browser had a
// session of somebody else. It opens nothing until the visitor agrees.
const NAME = 'switch';
const OPTIONS = { prefix: 'host', path: '/', secure: true } as const;

export async function keepSwitch(
  c: Context<AppEnv>,
  principal: Principal,
  now: Date,
): Promise<void> {
  const value = await c.get('services').signIn?.switches.close(principal, originOf(c), now);
  const options = { ...OPTIONS, httpOnly: true, sameSite: 'Lax', maxAge: SWITCH_SECONDS } as const;
  if (value !== undefined) setCookie(c, NAME, value, options);
}

/** Who waits for the visitor's consent; undefined if nobody does. */
export async function readSwitch(c: Context<AppEnv>, now: Date): Promise<Principal | undefined> {
  const value = hostCookie(c, NAME);
  if (value === undefined) return undefined;
  const opened = await c.get('services').signIn?.switches.open(value, originOf(c), now);
  return opened?.kind === 'valid' ? opened.principal : undefined;
}

export function endSwitch(c: Context<AppEnv>): void {
  deleteCookie(c, NAME, OPTIONS);
}
