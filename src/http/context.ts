import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Config } from '../config/config.ts';
import { BillingError } from '../errors/billing-error.ts';
import { networkOf } from '../config/address.ts';
import { identify, type Identification } from '../identity/identify.ts';
import { setUp, type Services } from '../services.ts';
import { measure, type Trace } from '../telemetry/trace.ts';

export type AppEnv = {
  Bindings: Env & { METRICS?: AnalyticsEngineDataset };
  /** `services` is there behind `requireServices`; what runs elsewhere, too, asks `configIfAny`. */
  Variables: { services: Services; trace: Trace; nonce?: string };
};

/** A wrong configuration stops here, with everything that is wrong. */
export const requireServices = createMiddleware<AppEnv>(async (c, next) => {
  const setup = setUp(c.env);
  if (setup.kind === 'misconfigured') {
    const keys = setup.problems.map(({ key }) => key).join(', ');
    throw new BillingError('configuration_invalid', `Wrong settings: ${keys}`, {
      problems: setup.problems,
    });
  }
  c.set('services', setup.services);
  await next();
});

/** Undefined on /healthz, which needs none, and where the configuration is wrong. */
export function configIfAny(c: Context<AppEnv>): Config | undefined {
  const services: Services | undefined = c.get('services');
  return services?.config;
}

/** Our own origin: the configured one, since a proxy may show us another. */
export function originOf(c: Context<AppEnv>): string {
  return c.get('services').config.publicOrigin ?? new URL(c.req.url).origin;
}

/** Who asks, by the proofs in the request's headers. Throws BillingError `rate_limited`. */
export async function recognise(c: Context<AppEnv>): Promise<Identification> {
  const { config, verifyToken } = c.get('services');
  const proofs = { authorization: c.req.header('authorization'), cookie: c.req.header('cookie') };
  const identification = await measure('identity', async () =>
    identify(proofs, config.auth.cookie, verifyToken, new Date()),
  );
  if (identification.kind === 'refused') {
    c.get('trace').tokenRefusal = `${identification.via}: ${identification.reason}`;
    // One that has expired was good once: only the site can have signed it.
    if (identification.reason !== 'expired') await countFailedProof(c);
  }
  return identification;
}

/** Counts a proof that failed, by whom Cloudflare says it came from. */
export async function countFailedProof(c: Context<AppEnv>): Promise<void> {
  const address = c.req.header('cf-connecting-ip');
  if (address !== undefined) await c.get('services').limits.failedProof(networkOf(address));
}
