import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import { BillingError } from '../../errors/billing-error.ts';
import { destinationOf, markReturned, originOf } from '../../http/addresses.ts';
import type { AppEnv } from '../../http/context.ts';
import { formOnly, navigationOnly, sameOriginOnly, smallBodyOnly } from '../../http/guards.ts';
import { sendOriginOnly } from '../../http/headers.ts';
import { frameOf } from '../../http/page.ts';
import { nameOf, type Principal } from '../../identity/principal.ts';
import type { SignIn } from '../../identity/oidc.ts';
import type { SignInAtProvider } from '../../identity/sign-in.ts';
import { measure } from '../../telemetry/trace.ts';
import { AnotherAccountPage } from '../../pages/another-account.tsx';
import { beginAccount, endAccount, readAccount } from '../../visitor/account.ts';
import { beginAtProvider, callbackOf } from '../../visitor/at-provider.ts';
import { takeAttempt, type KeptAttempt } from '../../visitor/attempts.ts';
import { countFailedProof } from '../../visitor/recognise.ts';

/** Where the provider sends people back to: with an answer, or after they signed out there. */
export const callback = new Hono<AppEnv>()
  .get('/', navigationOnly, async (c) => {
    const signIn = requireProvider(c);
    const answer = new URL(c.req.url).searchParams;
    if (!answer.has('state')) return c.redirect('/billing', 303);
    const now = new Date();
    const attempt = await takeAttempt(c, answer.get('state'), now);
    if (!attempt) return withoutAttempt(c);
    c.set('goal', attempt.to);
    const outcome = await measure('identity', async () =>
      signIn.oidc.finish(answer, attempt, callbackOf(c), now),
    );
    if (outcome.kind === 'signed_in') return arrive(c, signIn, outcome.principal, attempt.to);
    if (outcome.kind === 'page_needed') return askWithPage(c, signIn, attempt);
    if (outcome.kind !== 'denied') throw await refused(c, outcome);
    throw new BillingError('sign_in_denied', 'The provider answered access_denied.');
  })
  // The button "Continue as …".
  .post('/', sameOriginOnly, formOnly, smallBodyOnly, async (c) => {
    const { switches } = requireProvider(c);
    const now = new Date();
    const { account, to } = await c.req.parseBody();
    const wanted = await switches.read(textOf(account), originOf(c), now);
    if (wanted.kind !== 'valid') throw await refused(c, { kind: 'unfit', reason: 'switch' });
    await beginAccount(c, wanted.principal, now);
    return c.redirect(markReturned(destinationOf(c, textOf(to))), 303);
  });

const textOf = (field: unknown) => (typeof field === 'string' ? field : '');

function requireProvider(c: Context<AppEnv>): SignInAtProvider {
  const { signIn } = c.get('services');
  if (signIn) return signIn;
  throw new BillingError('address_not_found', 'The site signs people in.');
}

/** Begins the session, unless the browser has one of somebody else: that is never switched. */
async function arrive(
  c: Context<AppEnv>,
  { switches }: SignInAtProvider,
  principal: Principal,
  to: string,
): Promise<Response> {
  const now = new Date();
  const account = await readAccount(c);
  const before = account.kind === 'valid' ? account.principal : undefined;
  const was = account.kind === 'expired' ? account.was.principal : before;
  if (!was || nameOf(was) === nameOf(principal)) {
    c.get('trace').outcome = 'signed_in';
    await beginAccount(c, principal, now);
    return c.redirect(markReturned(to), 303);
  }
  c.get('trace').outcome = 'choice';
  sendOriginOnly(c);
  return c.html(
    <AnotherAccountPage
      frame={frameOf(c)}
      before={{ email: was.email, isValid: before !== undefined }}
      email={principal.email}
      account={await switches.mint(principal, originOf(c), now)}
      to={to}
    />,
  );
}

/** A silent attempt that the provider cannot answer: the link needs a page, and `/billing` not. */
async function askWithPage(
  c: Context<AppEnv>,
  signIn: SignInAtProvider,
  { isSilent, to }: KeptAttempt,
): Promise<Response> {
  endAccount(c);
  if (!isSilent) throw new BillingError('sign_in_denied', 'The provider showed no page.');
  const { pathname } = new URL(to, originOf(c));
  return pathname === '/billing' ? c.redirect(to, 303) : beginAtProvider(c, signIn, to);
}

/** The page was loaded again, or the answer is of an attempt that this browser did not begin. */
async function withoutAttempt(c: Context<AppEnv>): Promise<Response> {
  const account = await readAccount(c);
  if (account.kind === 'valid') return c.redirect(destinationOf(c, '/billing'), 303);
  throw await refused(c, { kind: 'unfit', reason: 'attempt' });
}

async function refused(
  c: Context<AppEnv>,
  { kind, reason }: Extract<SignIn, { kind: 'unfit' | 'token_refused' }>,
): Promise<BillingError> {
  c.get('trace').tokenRefusal = `provider: ${reason}`;
  await countFailedProof(c);
  const code = kind === 'unfit' ? 'sign_in_unfinished' : 'token_invalid';
  return new BillingError(code, `The provider's answer was refused: ${reason}.`);
}
