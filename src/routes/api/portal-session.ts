import { Hono } from 'hono/tiny';
import { BillingError } from '../../errors/billing-error.ts';
import { Intent } from '../../portal/intent.ts';
import { freshSession, type SessionOutcome } from '../../visitor/fresh-session.ts';
import type { PortalSession } from '../../http/answers.ts';
import type { AppEnv } from '../../http/context.ts';
import { allowedOriginOnly, jsonOnly, smallBodyOnly } from '../../http/guards.ts';
import { jsonBody } from '../../http/json.ts';
import { rememberPortalVisit } from '../../visitor/portal-visit.ts';
import { recogniseBySite } from '../../visitor/recognise.ts';
import { notSignedIn } from '../../visitor/sign-in.ts';
import { wantedWayBack } from '../../visitor/way-back.ts';

/** The same session for apps: JSON in, `{ "url" }` out, to be navigated to at once. */
export const portalSession = new Hono<AppEnv>().post(
  '/',
  allowedOriginOnly,
  jsonOnly,
  smallBodyOnly,
  jsonBody(Intent),
  async (c) => {
    const intent = c.req.valid('json');
    const wayBack = wantedWayBack(c, intent.return_to);
    if (!wayBack) throw new BillingError('return_to_refused', 'return_to is not allowed.');
    const recognition = await recogniseBySite(c);
    if (recognition.kind !== 'recognised') throw notSignedIn(c, recognition);
    const { principal } = recognition;
    const request = { principal, intent, wayBack, ifAmbiguous: 'ask' } as const;
    const outcome = await freshSession(c.get('services'), request, new Date());
    if (outcome.kind !== 'opened') throw ambiguous(outcome);
    c.get('trace').outcome = 'session_opened';
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
