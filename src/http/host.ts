import type { Context } from 'hono';
import type { PortalLinkEnv } from '../config/environment.ts';
import type { HostAnswer } from '../identity/host.ts';
import type { Expectations } from '../identity/requirements.ts';
import { getServices, type ServicesResult } from '../services.ts';

/** The app that these addresses are mounted in. */
export type Host = {
  /**
   * Its own word on who sends a request, read by the rules for claims.
   *
   * @throws BillingError `identify_failed`, `identity_invalid`
   */
  identify: (request: Request, expected: Expectations, now: Date) => Promise<HostAnswer>;
};

/** The same, for one request. */
export type AskedHost = { identify: (expected: Expectations, now: Date) => Promise<HostAnswer> };

/** Undefined in a Worker of its own. */
export type HostVariables = { host?: AskedHost };

/** What is known of a request before the services are. */
export type BareEnv = { Bindings: PortalLinkEnv; Variables: HostVariables };

export const servicesFor = (c: Pick<Context<BareEnv>, 'env' | 'get'>): ServicesResult =>
  getServices(c.env, Boolean(c.get('host')));
