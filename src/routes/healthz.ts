import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import type { ConfigProblem } from '../config/config.ts';
import { isFilled } from '../customers/fill.ts';
import { BillingError } from '../errors/billing-error.ts';
import { setUp } from '../services.ts';
import type { AppEnv } from '../http/context.ts';

/**
 * 200 when the configuration is complete and D1 answers; otherwise 503 and every reason. The
 * first fill may still be running: customers that it has not reached are found at Stripe.
 */
export const health = new Hono<AppEnv>().get('/', async (c) => {
  const setup = setUp(c.env);
  if (setup.kind === 'misconfigured') return unavailable(c, setup.problems);
  try {
    const filled = await isFilled(setup.services);
    return c.json({
      status: 'ok',
      first_fill: filled ? 'complete' : 'running',
      rate_limits: c.env.SESSION_LIMIT && c.env.CLIENT_LIMIT ? 'on' : 'off',
    });
  } catch (error) {
    if (!(error instanceof BillingError)) throw error;
    return unavailable(c, [{ key: 'DB', remedy: error.details.remedy ?? error.entry.advice }]);
  }
});

function unavailable(c: Context, problems: ConfigProblem[]): Response {
  return c.json({ status: 'unavailable', problems }, 503);
}
