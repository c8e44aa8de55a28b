import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Config } from '../config/config.ts';
import type { PortalLinkEnv } from '../config/environment.ts';
import { BillingError } from '../errors/billing-error.ts';
import type { Services } from '../services.ts';
import { servicesFor, type HostVariables } from './host.ts';
import type { Trace } from '../telemetry/trace.ts';
import { warnOfMissingOrigin } from './own-origin.ts';

export type AppEnv = {
  Bindings: PortalLinkEnv;
  Variables: HostVariables & {
    /** `requireServices` sets it. Code that also runs elsewhere calls `configIfAny`. */
    services: Services;
    trace: Trace;
    nonce?: string;
    /** Path and query that the visitor was going to, where the request's own are used up. */
    goal?: string;
    /** The fields of a form of ours, to offer it once more if it fails. */
    form?: Record<string, unknown>;
  };
};

/** Stops a request while the configuration is wrong, and lists all problems. */
export const requireServices = createMiddleware<AppEnv>(async (c, next) => {
  const result = servicesFor(c);
  if (result.kind === 'misconfigured') {
    const keys = result.problems.map(({ key }) => key).join(', ');
    throw new BillingError('configuration_invalid', `Wrong settings: ${keys}`, {
      problems: result.problems,
    });
  }
  c.set('services', result.services);
  warnOfMissingOrigin(c, result.services);
  await next();
});

/** Undefined on /healthz, which needs none, and while the configuration is wrong. */
export function configIfAny(c: Context<AppEnv>): Config | undefined {
  const services: Services | undefined = c.get('services');
  return services?.config;
}
