import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { Hono } from 'hono/tiny';
import * as v from 'valibot';
import { BillingError } from '../errors.ts';
import { Intent } from '../intent.ts';
import { freshSession, type SessionOutcome } from '../session.ts';
import type { PortalSession } from './answers.ts';
import { recognise, type AppEnv } from './context.ts';
import { allowedOriginOnly, jsonOnly, smallBodyOnly } from './guards.ts';
import { rememberPortalVisit } from './portal-visit.ts';
import { notSignedIn } from './sign-in.ts';
import { wantedWayBack } from './way-back.ts';

type IntentInput = { in: { json: Intent }; out: { json: Intent } };

// Typed as Hono's validators are, so that its typed client knows the body.
const intentBody = createMiddleware<AppEnv, string, IntentInput>(async (c, next) => {
  c.req.addValidatedData('json', await readIntent(c));
  return next();
});

/** The same session for apps: JSON in, `{ "url" }` out, to be navigated to at once. */
export const portalSession = new Hono<AppEnv>().post(
  '/',
  allowedOriginOnly,
  jsonOnly,
  smallBodyOnly,
  intentBody,
  async (c) => {
    const intent = c.req.valid('json');
    const wayBack = wantedWayBack(c, intent.return_to);
    if (!wayBack) throw new BillingError('return_to_refused', 'return_to is not allowed.');
    const identification = await recognise(c);
    if (identification.kind !== 'recognised') throw notSignedIn(identification);
    const { identity } = identification;
    const outcome = await freshSession(c.var.services, identity, intent, wayBack, new Date());
    if (outcome.kind !== 'opened') throw ambiguous(outcome);
    c.var.trace.outcome = 'session_opened';
    rememberPortalVisit(c, outcome);
    const session: PortalSession = {
      url: outcome.url,
      flow_unavailable: outcome.flowUnavailable,
    };
    return c.json(session);
  },
);

function ambiguous({ kind, ids }: Exclude<SessionOutcome, { kind: 'opened' }>): BillingError {
  return kind === 'which_customer'
    ? new BillingError('customer_ambiguous', 'The subject has several customers.', {
        detail: `Name one of your billing accounts as "customer": ${ids.join(', ')}.`,
      })
    : new BillingError('subscription_ambiguous', 'The flow fits several subscriptions.', {
        detail: `Name one of your subscriptions as "subscription": ${ids.join(', ')}.`,
      });
}

async function readIntent(c: Context<AppEnv>): Promise<Intent> {
  const text = await c.req.text();
  const result = v.safeParse(Intent, text === '' ? {} : parseJson(text));
  if (result.success) return result.output;
  const known = Object.keys(Intent.entries).join(', ');
  const details = result.issues.map((issue) =>
    issue.type === 'strict_object'
      ? `The body must be a JSON object with no other keys than: ${known}.`
      : `${v.getDotPath(issue)}: ${issue.message}`,
  );
  throw new BillingError('request_invalid', 'The body does not fit its schema.', {
    detail: [...new Set(details)].join(' '),
  });
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? null : value; // Valibot takes an array for an object.
  } catch {
    throw new BillingError('request_invalid', 'The body is not JSON.', {
      detail: 'The body is not valid JSON.',
    });
  }
}
