import { Hono, type Context } from 'hono';
import * as v from 'valibot';
import { BillingError } from '../errors.ts';
import { freshSession, type Intent } from '../session.ts';
import { originOf, recognise, type AppEnv } from './context.ts';
import { allowedOriginOnly, jsonOnly, smallBodyOnly } from './guards.ts';
import { rememberPortalVisit } from './portal-visit.ts';
import { notSignedIn } from './sign-in.ts';

const Body = v.strictObject({
  customer: v.optional(v.string('must be a customer id, such as cus_123.')),
  locale: v.optional(v.string('must be a language tag, such as de or pt-BR.')),
});

/** The same session for apps: JSON in, `{ "url" }` out, to be navigated to at once. */
export const portalSession = new Hono<AppEnv>().post(
  '/',
  allowedOriginOnly,
  jsonOnly,
  smallBodyOnly,
  async (c) => {
    const intent = await readIntent(c);
    const identification = await recognise(c);
    if (identification.kind !== 'recognised') throw notSignedIn(identification);
    const outcome = await freshSession(
      c.var.services,
      identification.identity,
      intent,
      originOf(c),
      new Date(),
    );
    if (outcome.kind === 'opened') {
      rememberPortalVisit(c, outcome.customer);
      return c.json({ url: outcome.url });
    }
    throw new BillingError('customer_ambiguous', 'The subject has several customers.', {
      detail: `Name one of your billing accounts as "customer": ${outcome.ids.join(', ')}.`,
    });
  },
);

async function readIntent(c: Context<AppEnv>): Promise<Intent> {
  const text = await c.req.text();
  const result = v.safeParse(Body, text === '' ? {} : parseJson(text));
  if (result.success) return result.output;
  const [issue] = result.issues;
  const key = v.getDotPath(issue);
  const known = Object.keys(Body.entries).join(', ');
  throw new BillingError('request_invalid', 'The body does not fit its schema.', {
    detail:
      issue.type === 'strict_object'
        ? `The body must be a JSON object with no other keys than: ${known}.`
        : `${key}: ${issue.message}`,
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
