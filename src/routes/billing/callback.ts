import type { Context } from 'hono';
import { BillingError } from '../../errors/billing-error.ts';
import { destinationOf, markReturned, originOf } from '../../http/addresses.ts';
import type { AppEnv } from '../../http/context.ts';
import { nameOf, type Principal } from '../../identity/principal.ts';
import type { SignIn } from '../../identity/oidc.ts';
import type { SignInAtProvider } from '../../identity/sign-in.ts';
import { measure } from '../../telemetry/trace.ts';
import { beginAccount, readAccount } from '../../visitor/account.ts';
import { beginAtProvider, callbackOf } from '../../visitor/at-provider.ts';
import { takeAttempt, type KeptAttempt } from '../../visitor/attempts.ts';
import { countProof } from '../../visitor/recognise.ts';
import { keepSwitch } from '../../visitor/switch.ts';

/** Where the provider sends people back to: with an answer, or after they signed out there. */
export async function finishSignIn(c: Context<AppEnv>): Promise<Response> {
  const signIn = requireProvider(c);
  const answer = new URL(c.req.url).searchParams;
  // Back from signing out at the provider.
  if (['state', 'code', 'error'].every((name) => !answer.has(name))) {
    return c.redirect('/billing', 303);
  }
  const now = new Date();
  const attempt = await takeAttempt(c, answer.get('state'), now);
  if (!attempt) return withoutAttempt(c);
  c.set('goal', attempt.to);
  // A kept attempt could be used to send the provider one made-up code after the other.
  await countProof(c);
  const outcome = await measure('identity', async () =>
    (await signIn.oidc()).finish(answer, attempt, callbackOf(c), now),
  );
  if (outcome.kind === 'signed_in') return arrive(c, outcome.principal, attempt.to);
  if (outcome.kind === 'page_needed') return askWithPage(c, signIn, attempt);
  if (outcome.kind !== 'denied') throw refused(c, outcome);
  throw new BillingError('sign_in_denied', 'The provider answered access_denied.');
}

function requireProvider(c: Context<AppEnv>): SignInAtProvider {
  const { signIn } = c.get('services');
  if (signIn) return signIn;
  throw new BillingError('address_not_found', 'The site signs people in.');
}

/** Begins the session, unless the browser has one of somebody else: that is never switched. */
async function arrive(c: Context<AppEnv>, principal: Principal, to: string): Promise<Response> {
  const now = new Date();
  const account = await readAccount(c);
  const valid = account.kind === 'valid' ? account.principal : undefined;
  const was = account.kind === 'expired' ? account.was.principal : valid;
  if (!was || nameOf(was) === nameOf(principal)) {
    c.get('trace').outcome = 'signed_in';
    await beginAccount(c, principal, now);
    return c.redirect(markReturned(to), 303);
  }
  await keepSwitch(c, principal, now);
  return c.redirect(`/billing/switch?to=${encodeURIComponent(to)}`, 303);
}

/** A silent attempt that the provider cannot answer: the link needs a page, and `/billing` not. */
async function askWithPage(
  c: Context<AppEnv>,
  signIn: SignInAtProvider,
  { isSilent, to }: KeptAttempt,
): Promise<Response> {
  if (!isSilent) throw new BillingError('sign_in_denied', 'The provider showed no page.');
  const { pathname } = new URL(to, originOf(c));
  return pathname === '/billing'
    ? c.redirect(markReturned(to, 'nobody'), 303)
    : beginAtProvider(c, signIn, to);
}

/** The page was loaded again, or the answer is of an attempt that this browser did not begin. */
async function withoutAttempt(c: Context<AppEnv>): Promise<Response> {
  const account = await readAccount(c);
  if (account.kind === 'valid') return c.redirect(destinationOf(c, '/billing'), 303);
  await countProof(c);
  throw refused(c, { kind: 'unfit', reason: 'attempt' });
}

function refused(
  c: Context<AppEnv>,
  { kind, reason }: Extract<SignIn, { kind: 'unfit' | 'token_refused' }>,
): BillingError {
  c.get('trace').tokenRefusal = `provider: ${reason}`;
  const code = kind === 'unfit' ? 'sign_in_unfinished' : 'token_invalid';
  return new BillingError(code, `The provider's answer was refused: ${reason}.`);
}
