import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { BillingError } from '../errors/billing-error.ts';
import { originOf } from './addresses.ts';
import { once } from '../once.ts';
import type { AppEnv } from './context.ts';

/**
 * Lets only navigations through. A client without fetch metadata (curl, an old browser) counts
 * as a person who navigates.
 * https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header
 */
export const navigationOnly = createMiddleware<AppEnv>(async (c, next) => {
  // Hono answers HEAD with the GET handler. Link checkers learn that the address exists.
  if (c.req.method === 'HEAD') return c.body(null);
  // The browser drops a refused prefetch, and asks again at the click.
  // https://html.spec.whatwg.org/multipage/speculative-loading.html#the-sec-purpose-http-request-header
  if (isSpeculative(c)) return c.body(null, 503);
  if (!isNavigation(c)) {
    throw new BillingError('navigation_required', `Sec-Fetch-Dest is not document.`);
  }
  return next();
});

/** Whether the page is going to be shown in a tab or window of its own. */
export const isNavigation = (c: Context) =>
  (c.req.header('sec-fetch-dest') ?? 'document') === 'document';

/** Whether the browser prefetches the page: no one has followed the link yet. */
export function isSpeculative(c: Context): boolean {
  const purposes = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].map((name) =>
    c.req.header(name),
  );
  return purposes.some((purpose) => /prefetch|prerender|preview/i.test(purpose ?? ''));
}

/** Lets only forms of our own pages through. Hono's csrf() lets unusual content types pass. */
export const sameOriginOnly = createMiddleware<AppEnv>(async (c, next) => {
  const site = c.req.header('sec-fetch-site');
  const ours = site === undefined ? c.req.header('origin') === originOf(c) : site === 'same-origin';
  if (!ours) throw new BillingError('cross_site_request', 'The form is not on one of our pages.');
  return next();
});

/** Lets apps on allowed origins through, and back ends, which send no `Origin`. */
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

/** Lets only urlencoded forms in UTF-8 through. A multipart body would have to be parsed first. */
export const formOnly = createMiddleware<AppEnv>(async (c, next) => {
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type)) {
    throw new BillingError('content_type_unsupported', 'The body is not a form.', {
      detail: 'Send a form, with the header `Content-Type: application/x-www-form-urlencoded`.',
    });
  }
  requireUtf8(type);
  return next();
});

/** Lets only JSON through. A browser asks first (CORS), so no plain form can call the API. */
export const jsonOnly = createMiddleware<AppEnv>(async (c, next) => {
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    throw new BillingError('content_type_unsupported', 'The content type is not JSON.');
  }
  requireUtf8(type);
  return next();
});

function requireUtf8(contentType: string): void {
  const charsets = contentType.split(';').filter((part) => /charset/i.test(part));
  if (charsets.every((part) => /^charset=("?)utf-?8\1$/i.test(part.trim()))) return;
  throw new BillingError('request_invalid', 'The charset is not UTF-8.', {
    detail: 'Send the body in UTF-8.',
  });
}

// Hono keeps what is read here for its other readers.
const readBytes = async (c: Context): Promise<unknown> => c.req.arrayBuffer();

/** Reads bodies up to this size, so that whatever comes next has the whole body or none. */
export const limitBody = (bytes: number, read = readBytes) => {
  const limit = once(() =>
    bodyLimit({
      maxSize: bytes,
      onError: () => {
        throw new BillingError('request_too_large', `The body is over ${bytes} bytes.`);
      },
    }),
  );
  return createMiddleware<AppEnv>(async (c, next) => {
    try {
      await limit()(c, async () => void (await read(c)));
    } catch (error) {
      if (error instanceof BillingError) throw error;
      throw new BillingError('request_invalid', 'The body cannot be read to its end.', {
        detail: 'The body was cut off, or is not of its content type.',
      });
    }
    return next();
  });
};

/** For JSON and forms. What is no form is left as it is. */
export const smallBodyOnly = limitBody(16 * 1024, async (c) => {
  await readBytes(c);
  await c.req.parseBody();
});
