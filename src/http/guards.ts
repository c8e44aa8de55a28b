import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { BillingError } from '../errors/billing-error.ts';
import { originOf } from './addresses.ts';
import type { AppEnv } from './context.ts';

/**
 * Lets through a person's navigation and nothing that merely looks at the address. A client
 * that sends no fetch metadata (curl, an old browser) counts as a person.
 * https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header
 */
export const navigationOnly = createMiddleware<AppEnv>(async (c, next) => {
  // Hono answers HEAD with the GET handler. Link checkers get: yes, this address exists.
  if (c.req.method === 'HEAD') return c.body(null);
  // A refused speculation is thrown away, and the click later on asks again.
  // https://html.spec.whatwg.org/multipage/speculative-loading.html#the-sec-purpose-http-request-header
  if (isSpeculative(c)) return c.body(null, 503);
  const destination = c.req.header('sec-fetch-dest') ?? 'document';
  if (destination !== 'document') {
    throw new BillingError('navigation_required', `Sec-Fetch-Dest is not document.`);
  }
  return next();
});

/** Whether nobody has followed the link yet, and the browser guesses that somebody will. */
export function isSpeculative(c: Context): boolean {
  const purposes = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].map((name) =>
    c.req.header(name),
  );
  return purposes.some((purpose) => /prefetch|prerender|preview/i.test(purpose ?? ''));
}

/** Lets through forms of our own pages: Hono's csrf() would pass unusual content types. */
export const sameOriginOnly = createMiddleware<AppEnv>(async (c, next) => {
  const site = c.req.header('sec-fetch-site');
  const ours = site === undefined ? c.req.header('origin') === originOf(c) : site === 'same-origin';
  if (!ours) throw new BillingError('cross_site_request', 'The form is not on one of our pages.');
  return next();
});

/**
 * Whether a person pressed a button of our page, as far as a browser tells without a script of
 * ours. Mail scanners open links in a headless Chromium and submit what forms they find.
 *
 * 1. The button's own name is in the form. `form.submit()` and an empty `requestSubmit()` have
 *    no submitter and leave it out.
 *    https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constructing-entry-list
 * 2. `Sec-Fetch-User: ?1`, which no script can set, says that the navigation began with a click,
 *    a tap or a key; a script's `button.click()` lacks it.
 *    https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-user-header
 *
 * WebKit does not send that header, so where neither Chromium nor Gecko asks the first sign
 * alone must do. (On iOS the others are WebKit, too, and call themselves CriOS and FxiOS.)
 * Whoever moves the mouse of a real browser by remote control passes for a person here.
 */
export function isPressed(c: Context<AppEnv>, button: unknown): boolean {
  if (typeof button !== 'string' || button === '') return false;
  if (c.req.header('sec-fetch-user') === '?1') return true;
  const tells = c.req.header('sec-ch-ua') !== undefined;
  return !tells && !/(?:Chrome|Chromium|Firefox)\//.test(c.req.header('user-agent') ?? '');
}

/** Lets through apps on allowed origins, and back ends, which send no `Origin`. */
export const allowedOriginOnly = createMiddleware<AppEnv>(async (c, next) => {
  const origin = c.req.header('origin');
  const { allowedOrigins } = c.get('services').config;
  if (origin !== undefined && origin !== originOf(c) && !allowedOrigins.includes(origin)) {
    throw new BillingError('cross_site_request', 'The origin is not allowed.', {
      detail:
        'This origin may not call the API: the operator lists the ones that may in ALLOWED_ORIGINS.',
    });
  }
  return next();
});

/** Forms as browsers send them; a multipart body would have to be parsed to be refused. */
export const formOnly = createMiddleware<AppEnv>(async (c, next) => {
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(c.req.header('content-type') ?? '')) {
    throw new BillingError('content_type_unsupported', 'The body is not a form.', {
      detail: 'Send a form, with the header `Content-Type: application/x-www-form-urlencoded`.',
    });
  }
  return next();
});

/** JSON makes a browser ask first (CORS), so that no plain form can call the API. */
export const jsonOnly = createMiddleware<AppEnv>(async (c, next) => {
  if (!/^application\/json\s*(?:;|$)/i.test(c.req.header('content-type') ?? '')) {
    throw new BillingError('content_type_unsupported', 'The content type is not JSON.');
  }
  return next();
});

/** Lets through bodies of so many bytes at most, before anything is done with them. */
export const limitBody = (bytes: number) =>
  bodyLimit({
    maxSize: bytes,
    onError: () => {
      throw new BillingError('request_too_large', `The body is over ${bytes} bytes.`);
    },
  });

export const smallBodyOnly = limitBody(16 * 1024);
