import { Hono } from '../../http/hono.ts';
import { BillingError } from '../../errors/billing-error.ts';
import { Intent } from '../../portal/intent.ts';
import { openedOf, openStripe } from '../../visitor/open.ts';
import type { PortalSession } from '../../http/answers.ts';
import type { AppEnv } from '../../http/context.ts';
import { allowedOriginOnly, jsonOnly, smallBodyOnly } from '../../http/guards.ts';
import { jsonBody } from '../../http/json.ts';
import { rememberPortalVisit } from '../../visitor/portal-visit.ts';
import { recogniseBySite } from '../../visitor/recognise.ts';
import { notSignedIn } from '../../visitor/not-signed-in.ts';
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
    const outcome = await openStripe(c.get('services'), request, new Date());
    if (outcome.kind === 'nothing_due') {
      throw new BillingError('nothing_due', 'Nothing is open, or it is being paid.');
    }
    if (outcome.kind !== 'opened') throw ambiguous(outcome);
    c.get('trace').outcome = openedOf(outcome);
    rememberPortalVisit(c, outcome);
    const session: PortalSession = {
      url: outcome.url,
      flow_unavailable: outcome.flowUnavailable,
    };
    return c.json(session);
  },
);

const AMBIGUOUS = {
  which_customer: ['customer_ambiguous', 'billing accounts', 'customer'],
  which_subscription: ['subscription_ambiguous', 'subscriptions', 'subscription'],
  which_invoice: ['invoice_ambiguous', 'open invoices', 'invoice'],
} as const;

function ambiguous({ kind, ids }: { kind: keyof typeof AMBIGUOUS; ids: string[] }): BillingError {
  const [code, several, parameter] = AMBIGUOUS[kind];
  return new BillingError(code, `There are several ${several}.`, {
    detail: `Name one of your ${several} as "${parameter}": ${ids.join(', ')}.`,
  });
}
