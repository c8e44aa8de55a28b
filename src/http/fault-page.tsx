import type { Context } from 'hono';
import type { BillingError } from '../errors/billing-error.ts';
import { entryOf, isPassing } from '../errors/meaning.ts';
import { FaultPage, type Action, type Again } from '../pages/fault.tsx';
import type { Language } from '../pages/languages/language.ts';
import { TICK } from '../pages/open-form.tsx';
import { lenientIntent, withIntent } from '../portal/intent.ts';
import { destinationOf, emailSignInAddress, signInAddress } from './addresses.ts';
import { allowChallenge } from './challenge.ts';
import { configIfAny, type AppEnv } from './context.ts';
import { sendOriginOnly } from './headers.ts';
import { frameOf } from './page.ts';

/** What a visitor reads of a fault, with what they can do about it. */
export async function faultPage(
  c: Context<AppEnv>,
  error: BillingError,
  isDeveloping: boolean,
): Promise<Response> {
  const frame = await frameOf(c);
  const again = againOf(c, error);
  if (again) sendOriginOnly(c);
  if (again?.siteKey !== undefined) allowChallenge(c);
  return c.html(
    <FaultPage
      frame={frame}
      error={error}
      reference={c.get('trace').reference}
      again={again}
      actions={actionsFor(c, error, frame.locale.language)}
      manager={error.code === 'role_not_allowed' ? configIfAny(c)?.billingContact : undefined}
      showDeveloper={isDeveloping}
    />,
  );
}

// Who ticks is there now, and the proof of a challenge counts once.
const MADE_ANEW = new Set<string>([TICK.name, 'cf-turnstile-response']);

/** A form of ours that may work the next time. Its fields were let through before it failed. */
function againOf(c: Context<AppEnv>, error: BillingError): Again | undefined {
  const form = c.get('form');
  if (!form || !isPassing(error)) return undefined;
  const { pathname, search } = new URL(c.req.url);
  const fields = Object.entries(form)
    .filter(([name]) => !MADE_ANEW.has(name))
    .flatMap(([name, values]) =>
      [values]
        .flat()
        .flatMap((value): Again['fields'] => (typeof value === 'string' ? [[name, value]] : [])),
    );
  const { turnstile } = c.get('services').config;
  const siteKey = pathname === '/billing/sign-in' ? turnstile?.siteKey : undefined;
  return { action: pathname + search, fields, siteKey };
}

function actionsFor(c: Context<AppEnv>, error: BillingError, language: Language): Action[] {
  const config = configIfAny(c);
  if (!config) return [];
  const { goal } = c.var;
  // An empty address is the page's own. It keeps a link's token out of the page.
  const start = c.req.path === '/billing/sign-in' ? c.req.path : '/billing';
  const again = goal ?? (c.req.method === 'GET' ? '' : start);
  const needsSignIn =
    entryOf(error).status === 401 ||
    error.code.startsWith('link_') ||
    error.code === 'sign_in_denied' ||
    error.code === 'sign_in_unfinished';
  const actions: { label: string; href: string | undefined }[] = [
    {
      label: language.signIn,
      href: needsSignIn ? signInAddress(c, cameFor(c)) : undefined,
    },
    {
      label: language.emailSignIn.title,
      href: needsSignIn ? emailSignInAddress(c, cameFor(c)) : undefined,
    },
    {
      label: language.account.other,
      href:
        error.code === 'role_not_allowed' && config.auth.oidc
          ? `/billing/authorize?as=other&to=${encodeURIComponent(destinationOf(c, cameFor(c)))}`
          : undefined,
    },
    {
      label: language.seePlans,
      href: error.code === 'customer_not_found' ? config.pricingUrl : undefined,
    },
    { label: language.tryAgain, href: isPassing(error) && !againOf(c, error) ? again : undefined },
    {
      label: language.goToBilling,
      // There, they would read the same.
      href: c.req.path === '/billing' || error.code === 'role_not_allowed' ? undefined : '/billing',
    },
  ];
  return actions.filter((action): action is Action => action.href !== undefined);
}

/** What the visitor came for. The buttons of our page have it in their fields, not in the address. */
function cameFor(c: Context<AppEnv>): string {
  const { goal, form } = c.var;
  if (goal !== undefined) return goal;
  const isButton = form && form['token'] === undefined && c.req.path === '/billing/manage';
  return isButton ? withIntent('/billing/manage', lenientIntent(form)) : c.req.url;
}
