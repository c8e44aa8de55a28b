import type { Context } from 'hono';
import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import { NONCE, secureHeaders } from 'hono/secure-headers';
import { isLoopback } from '../address.ts';
import type { AppEnv } from './context.ts';

/** Every answer belongs to one person and one moment. */
const noStore = createMiddleware(async (c, next) => {
  await next();
  c.header('cache-control', 'no-store');
});

/**
 * Chrome applies form-action to the redirects after a form, too. Portals and sign-in pages can
 * live on any domain of the operator's; in development they are http on loopback.
 * https://www.w3.org/TR/CSP3/#directive-form-action
 */
export const formTargets = (c: Context) =>
  isLoopback(new URL(c.req.url).hostname) ? 'https: http:' : 'https:';

/** Lets scripts on the configured origins read the API's answers, and no others. */
export const allowedOrigins = cors({
  origin: (origin, c: Context<AppEnv>) =>
    c.var.services.config.allowedOrigins.includes(origin) ? origin : null,
  allowMethods: ['POST'],
  allowHeaders: ['authorization', 'content-type'],
  credentials: true,
  maxAge: 600,
});

export const safeHeaders = [
  noStore,
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: [NONCE],
      imgSrc: ['data:'],
      formAction: ["'self'", formTargets],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    xFrameOptions: 'DENY',
    // The rest of the operator's domain is not ours to decide: no includeSubDomains.
    strictTransportSecurity: 'max-age=31536000',
    // A route may loosen the referrer policy for its own page.
    overwrite: false,
  }),
] satisfies ReturnType<typeof createMiddleware<AppEnv>>[];
