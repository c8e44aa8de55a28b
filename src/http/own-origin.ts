import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Config } from '../config/config.ts';
import { needsPublicOrigin } from '../config/remedies.ts';
import { isLoopback } from '../config/secure-url.ts';
import { BillingError, type ConfigProblem } from '../errors/billing-error.ts';
import type { Services } from '../services.ts';
import { servicesFor, type BareEnv } from './host.ts';
import { log } from '../telemetry/log.ts';

/**
 * Sends plain http to the same address of PUBLIC_ORIGIN, before anything is read. The request's
 * own host is never an answer: the requester chose it. Headers such as X-Forwarded-Proto count
 * for nothing, so a proxy has to reach the Worker by https.
 */
export const httpsOnly = createMiddleware<BareEnv>(async (c, next) => {
  if (c.req.url.startsWith('https:')) return next();
  const { hostname, pathname, search } = new URL(c.req.url);
  if (isLoopback(hostname)) return next();
  const result = servicesFor(c);
  // The next middleware lists what is wrong, to any scheme.
  if (result.kind === 'misconfigured') return next();
  const { publicOrigin } = result.services.config;
  if (!publicOrigin?.startsWith('https:')) throw originMissing('A request came by plain http.');
  return c.redirect(`${publicOrigin}${pathname}${search}`, 308);
});

/** Whether our origin is only what the requester says. On a loopback host they are the developer. */
export function isOriginMissing(c: Context, { publicOrigin }: Config): boolean {
  return publicOrigin === undefined && !isLoopback(new URL(c.req.url).hostname);
}

/** What a Worker that signs links or sends mails lacks: it does neither until it is set. */
export function missingOrigin(
  c: Context,
  { config, emailSignIn }: Services,
): ConfigProblem | undefined {
  const signs = emailSignIn !== undefined || config.apiKeys.some(({ may }) => may.includes('sign'));
  if (!signs || !isOriginMissing(c, config)) return undefined;
  return { key: 'PUBLIC_ORIGIN', remedy: needsPublicOrigin };
}

const warned = new WeakSet<Services>();

/** Says in the log, once per isolate, that PUBLIC_ORIGIN is missing. */
export function warnOfMissingOrigin(c: Context, services: Services): void {
  const problem = missingOrigin(c, services);
  if (!problem || warned.has(services)) return;
  warned.add(services);
  log('error', {
    event: 'public_origin_missing',
    remedy: `${problem.key}: ${problem.remedy}`,
  });
}

/** The refusal of what needs PUBLIC_ORIGIN. */
export function originMissing(reason: string): BillingError {
  return new BillingError('public_origin_missing', `${reason} PUBLIC_ORIGIN is not set.`);
}
