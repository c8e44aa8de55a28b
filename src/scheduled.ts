import type { PortalLinkEnv } from './config/environment.ts';
import { createBudget } from './customers/budget.ts';
import { reconcile } from './customers/reconcile.ts';
import { createStores } from './customers/stores/index.ts';
import { BillingError } from './errors/billing-error.ts';
import { log } from './telemetry/log.ts';
import { getServices } from './services.ts';
import { createStripe } from './stripe/client.ts';
import { toBillingError } from './stripe/faults.ts';

/** The cron job. It counts every subrequest that it makes. A fault ends the run, and is thrown. */
export async function runScheduled(env: PortalLinkEnv, now: Date, isHosted = false): Promise<void> {
  const result = getServices(env, isHosted);
  if (result.kind === 'misconfigured') {
    const keys = result.problems.map(({ key }) => key).join(', ');
    throw new BillingError('configuration_invalid', `Wrong settings: ${keys}`);
  }
  const { config } = result.services;
  const budget = createBudget(config.cronSubrequests);
  const sources = {
    config,
    stripe: createStripe(config.stripe, budget.spend),
    stores: createStores(env.DB, budget.spend),
  };
  try {
    await reconcile(sources, budget, now);
  } catch (error) {
    const fault = toBillingError(error, config.livemode);
    const { code, message, details } = fault;
    log('error', { event: 'reconcile_failed', code, reason: message, remedy: details.remedy });
    throw fault;
  }
}
