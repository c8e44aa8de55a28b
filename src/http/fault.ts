import type { Context } from 'hono';
import { BillingError, unexpected } from '../errors/billing-error.ts';
import type { AppEnv } from './context.ts';

/** The error boundary: the trace gets the reason, a visitor advice, an API client a problem. */
export async function respondWithFault(fault: unknown, c: Context<AppEnv>): Promise<Response> {
  const error = fault instanceof BillingError ? fault : unexpected(fault);
  c.get('trace').fault = error;
  const { answerFault } = await import('./fault-answer.ts');
  return answerFault(c, error);
}
