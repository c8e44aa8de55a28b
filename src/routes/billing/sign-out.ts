import type { Context } from 'hono';
import { BillingError } from '../../errors/billing-error.ts';
import type { AppEnv } from '../../http/context.ts';
import { endAccount, readAccount } from '../../visitor/account.ts';
import { callbackOf } from '../../visitor/at-provider.ts';
import { endLinkSession } from '../../visitor/link-session.ts';
import { forgetPortalVisit } from '../../visitor/portal-visit.ts';
import { endSwitch } from '../../visitor/switch.ts';

/** Ends our own sessions, one that waits for consent included, and the provider's if somebody signed in there. */
export async function signOut(c: Context<AppEnv>): Promise<Response> {
  const account = await readAccount(c);
  endLinkSession(c);
  endAccount(c);
  endSwitch(c);
  forgetPortalVisit(c);
  const provider = account.kind === 'none' ? undefined : await providerSignOut(c);
  return c.redirect(provider ?? '/billing', 303);
}

/** Undefined while the provider is down, too: our own session ends all the same. */
async function providerSignOut(c: Context<AppEnv>): Promise<string | undefined> {
  try {
    const oidc = await c.get('services').signIn?.oidc();
    return await oidc?.signOutUrl(callbackOf(c), new Date());
  } catch (error) {
    if (error instanceof BillingError) return undefined;
    throw error;
  }
}
