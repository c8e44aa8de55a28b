import type { PortalLinkEnv } from './config/environment.ts';
import { createBudget } from './customers/budget.ts';
import { reconcile } from './customers/reconcile.ts';
import { createStores } from './customers/stores/index.ts';
import { BillingError } from './errors/billing-error.ts';
import { remedyOf } from './errors/meaning.ts';
import { log } from './telemetry/log.ts';
import { getServices } from './services.ts';
import { createStripe } from './stripe/client.ts';
import { createPace } from './stripe/pace.ts';
import { toBillingError } from './stripe/faults.ts';

// Calls a second. A sandbox takes 25, of which WEBHOOK_LIMIT leaves 21. In live mode the endpoint
// that reads a customer takes 25, and webhooks leave 17. https://docs.stripe.com/rate-limits
const CALLS_A_SECOND = { test: 4, live: 16 };

// A run ends before the next one begins.
const RUN_SECONDS = 270;

/**
 * The cron job. It counts every subrequest that it makes, and paces its calls to Stripe. A fault
 * ends the run, and is thrown.
 */
export async function runScheduled(
  env: PortalLinkEnv,
  now: Date,
  isHosted = false,
  wait = pause,
): Promise<void> {
  const result = getServices(env, isHosted);
  if (result.kind === 'misconfigured') {
    const keys = result.problems.map(({ key }) => key).join(', ');
    throw new BillingError('configuration_invalid', `Wrong settings: ${keys}`);
  }
  const { config } = result.services;
  const perSecond = CALLS_A_SECOND[config.livemode ? 'live' : 'test'];
  const budget = createBudget(Math.min(config.cronSubrequests, RUN_SECONDS * perSecond));
  const pace = createPace({ burst: 1, perSecond }, wait);
  const onRequest = async () => {
    budget.spend();
    await pace();
  };
  const sources = {
    config,
    stripe: createStripe(config.stripe, { onRequest }),
    stores: createStores(env.DB, budget.spend),
  };
  try {
    await reconcile(sources, budget, now);
  } catch (error) {
    const fault = toBillingError(error, config.livemode);
    const { code, message } = fault;
    log('error', { event: 'reconcile_failed', code, reason: message, remedy: remedyOf(fault) });
    throw fault;
  }
}

const pause = async (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
