import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { isLoopback } from '../config/secure-url.ts';
import type { BillingError } from '../errors/billing-error.ts';
import { entryOf, remedyOf } from '../errors/meaning.ts';
import type { Problem } from './answers.ts';
import type { AppEnv } from './context.ts';

/** Answers a fault: by a page, or by a problem. */
export async function answerFault(c: Context<AppEnv>, error: BillingError): Promise<Response> {
  const { status, retryAfter } = entryOf(error);
  if (retryAfter !== undefined) c.header('retry-after', String(retryAfter));
  for (const [name, value] of Object.entries(error.details.headers ?? {})) c.header(name, value);
  c.header('x-error-code', error.code);
  c.status(status);
  if (!wantsPage(c)) return problem(c, error);
  const { faultPage } = await import('./fault-page.tsx');
  return faultPage(c, error, isDeveloping(c));
}

export function wantsPage(c: Context<AppEnv>): boolean {
  const supports = ['text/html', 'application/problem+json', 'application/json'];
  const preferred = accepts(c, { header: 'Accept', supports, default: 'application/problem+json' });
  return preferred === 'text/html' && !c.req.path.startsWith('/api/');
}

/** Problem details (RFC 9457), with our stable code. */
function problem(c: Context<AppEnv>, error: BillingError): Response {
  const { status, title, detail } = entryOf(error);
  const { problems, stripeRequestId } = error.details;
  const body: Problem = {
    type: `urn:problem-type:portal-link:${error.code}`,
    title,
    status,
    detail: error.details.detail ?? detail,
    code: error.code,
    request_id: c.get('trace').id,
    // JSON leaves out what is undefined.
    stripe_request_id: stripeRequestId,
    problems,
    ...(isDeveloping(c) && { developer: { reason: error.message, remedy: remedyOf(error) } }),
  };
  return c.body(JSON.stringify(body), { headers: { 'content-type': 'application/problem+json' } });
}

function isDeveloping(c: Context<AppEnv>): boolean {
  return isLoopback(new URL(c.req.url).hostname);
}
