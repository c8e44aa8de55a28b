import type { Context } from 'hono';
import { destinationOf, markReturned } from '../../http/addresses.ts';
import type { AppEnv } from '../../http/context.ts';
import { sendOriginOnly } from '../../http/headers.ts';
import { frameOf } from '../../http/page.ts';
import { AnotherAccountPage, STAY } from '../../pages/another-account.tsx';
import { beginAccount, readAccount } from '../../visitor/account.ts';
import { endSwitch, readSwitch } from '../../visitor/switch.ts';

/** Asks before a sign-in takes the place of somebody else's session. */
export async function askToSwitch(c: Context<AppEnv>): Promise<Response> {
  const to = goalOf(c);
  const principal = await readSwitch(c, new Date());
  const account = await readAccount(c);
  if (!principal || account.kind === 'none') return c.redirect(to, 303);
  const isValid = account.kind === 'valid';
  const before = isValid ? account.principal : account.was.principal;
  c.set('goal', to);
  c.get('trace').outcome = 'choice';
  sendOriginOnly(c);
  return c.html(
    <AnotherAccountPage
      frame={await frameOf(c)}
      before={{ email: before.email, isValid }}
      email={principal.email}
      to={to}
    />,
  );
}

/** Does it, or not, as the visitor has answered. */
export async function switchAccount(c: Context<AppEnv>): Promise<Response> {
  const now = new Date();
  const { [STAY.name]: stay } = await c.req.parseBody();
  const principal = stay === undefined ? await readSwitch(c, now) : undefined;
  if (!principal) {
    endSwitch(c);
    // Without a session of before, the visitor signs in once more on the way.
    return c.redirect(goalOf(c), 303);
  }
  c.get('trace').outcome = 'signed_in';
  await beginAccount(c, principal, now);
  return c.redirect(markReturned(goalOf(c)), 303);
}

const goalOf = (c: Context<AppEnv>) => destinationOf(c, c.req.query('to') ?? '/billing');
