import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { isLoopback } from '../config/secure-url.ts';
import { BillingError, unexpected } from '../errors/billing-error.ts';
import { FaultPage, type Action, type Again } from '../pages/fault.tsx';
import { TICK } from '../pages/open-form.tsx';
import { lenientIntent, withIntent } from '../portal/intent.ts';
import type { Problem } from './answers.ts';
import { allowChallenge } from './challenge.ts';
import { configIfAny, type AppEnv } from './context.ts';
import { sendOriginOnly } from './headers.ts';
import { frameOf } from './page.ts';
import { destinationOf, emailSignInAddress, signInAddress } from './addresses.ts';

/** The error boundary: the trace gets the reason, a visitor advice, an API client a problem. */
export function respondWithFault(fault: unknown, c: Context<AppEnv>): Response | Promise<Response> {
  const error = fault instanceof BillingError ? fault : unexpected(fault);
  c.get('trace').fault = error;
  const { status, retryAfter } = error.entry;
  if (retryAfter !== undefined) c.header('retry-after', String(retryAfter));
  for (const [name, value] of Object.entries(error.details.headers ?? {})) c.header(name, value);
  c.header('x-error-code', error.code);
  c.status(status);
  return wantsPage(c) ? faultPage(c, error) : problem(c, error);
}

export function wantsPage(c: Context<AppEnv>): boolean {
  const supports = ['text/html', 'application/problem+json', 'application/json'];
  const preferred = accepts(c, { header: 'Accept', supports, default: 'application/problem+json' });
  return preferred === 'text/html' && !c.req.path.startsWith('/api/');
}

/** Problem details (RFC 9457), with our stable code. */
function problem(c: Context<AppEnv>, error: BillingError): Response {
  const { status, title, detail } = error.entry;
  const { problems, stripeRequestId } = error.details;
  const { remedy } = error;
  const body: Problem = {
    type: `urn:problem-type:portal-link:${error.code}`,
    title,
    status,
    detail: error.details.detail ?? detail,
    code: error.code,
    request_id: c.get('trace').id,
    ...(stripeRequestId !== undefined && { stripe_request_id: stripeRequestId }),
    ...(problems && { problems }),
    ...(isDeveloping(c) && {
      developer: { reason: error.message, ...(remedy !== undefined && { remedy }) },
    }),
  };
  return c.body(JSON.stringify(body), { headers: { 'content-type': 'application/problem+json' } });
}

function faultPage(c: Context<AppEnv>, error: BillingError): Response | Promise<Response> {
  const again = againOf(c, error);
  if (again) sendOriginOnly(c);
  if (again?.siteKey !== undefined) allowChallenge(c);
  return c.html(
    <FaultPage
      frame={frameOf(c)}
      error={error}
      reference={c.get('trace').reference}
      again={again}
      actions={actionsFor(c, error)}
      manager={error.code === 'role_not_allowed' ? configIfAny(c)?.billingContact : undefined}
      showDeveloper={isDeveloping(c)}
    />,
  );
}

// Who ticks is there now, and the proof of a challenge counts once.
const MADE_ANEW = new Set<string>([TICK.name, 'cf-turnstile-response']);

/** A form of ours that may work the next time. Its fields were let through before it failed. */
function againOf(c: Context<AppEnv>, error: BillingError): Again | undefined {
  const form = c.get('form');
  if (!form || !error.isPassing) return undefined;
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

function actionsFor(c: Context<AppEnv>, error: BillingError): Action[] {
  const config = configIfAny(c);
  if (!config) return [];
  const { language } = frameOf(c).locale;
  const { goal } = c.var;
  // An empty address is the page's own. It keeps a link's token out of the page.
  const start = c.req.path === '/billing/sign-in' ? c.req.path : '/billing';
  const again = goal ?? (c.req.method === 'GET' ? '' : start);
  const needsSignIn =
    error.entry.status === 401 ||
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
    { label: language.tryAgain, href: error.isPassing && !againOf(c, error) ? again : undefined },
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

function isDeveloping(c: Context<AppEnv>): boolean {
  return isLoopback(new URL(c.req.url).hostname);
}
