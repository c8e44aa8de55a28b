import { Hono } from 'hono';
import type { ConfigProblem } from '../config.ts';
import { BillingError } from '../errors.ts';
import { setUp } from '../services.ts';
import type { AppEnv } from './context.ts';

/** 200 when the configuration is complete and D1 answers; otherwise 503 and every reason. */
export const health = new Hono<AppEnv>().get('/', async (c) => {
  const setup = setUp(c.env);
  const problems =
    setup.kind === 'misconfigured'
      ? setup.problems
      : await databaseProblems(setup.services.customers.check());
  return problems.length === 0
    ? c.json({ status: 'ok' })
    : c.json({ status: 'unavailable', problems }, 503);
});

async function databaseProblems(check: Promise<void>): Promise<ConfigProblem[]> {
  try {
    await check;
    return [];
  } catch (error) {
    if (!(error instanceof BillingError)) throw error;
    return [{ key: 'DB', remedy: error.details.remedy ?? error.entry.advice }];
  }
}
