import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import { readBacklogNote } from '../customers/backlog-note.ts';
import { fillState } from '../customers/fill.ts';
import { BillingError, type ConfigProblem } from '../errors/billing-error.ts';
import { getServices } from '../services.ts';
import type { AppEnv } from '../http/context.ts';
import { missingOrigin } from '../http/own-origin.ts';

/**
 * 200 if the configuration is complete and D1 answers; otherwise 503 with all reasons. The first
 * fill may still be running: customers that it has not reached are found at Stripe. `backlog` is
 * what the last run of the cron job left. Without PUBLIC_ORIGIN a Worker works on, and `problems`
 * says what it does not do.
 */
export const health = new Hono<AppEnv>().get('/', async (c) => {
  const result = getServices(c.env);
  if (result.kind === 'misconfigured') return unavailable(c, result.problems);
  const { stores, config } = result.services;
  const problem = missingOrigin(c, result.services);
  try {
    const cursors = await stores.cursors.read(config.livemode);
    const fill = fillState(cursors);
    const backlog = readBacklogNote(cursors);
    return c.json({
      status: 'ok',
      first_fill: fill ?? 'running',
      ...(backlog && {
        backlog: {
          customers: backlog.customers,
          failing: backlog.failing,
          seconds: backlog.age,
          as_of: new Date(backlog.at * 1000).toISOString(),
        },
      }),
      rate_limits: c.env.SESSION_LIMIT && c.env.CLIENT_LIMIT ? 'on' : 'off',
      ...(problem && { problems: [problem] }),
    });
  } catch (error) {
    if (!(error instanceof BillingError)) throw error;
    return unavailable(c, [{ key: 'DB', remedy: error.remedy ?? error.entry.detail }]);
  }
});

function unavailable(c: Context, problems: ConfigProblem[]): Response {
  return c.json({ status: 'unavailable', problems }, 503);
}
