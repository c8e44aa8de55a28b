import type { Context } from 'hono';
import { Hono } from '../../http/hono.ts';
import * as v from 'valibot';
import { knownCustomers } from '../../customers/find.ts';
import type { Customer } from '../../customers/customer.ts';
import type { BillingAnswer } from '../../http/answers.ts';
import type { AppEnv } from '../../http/context.ts';
import { allowedOriginOnly } from '../../http/guards.ts';
import { validQuery } from '../../http/json.ts';
import { nameOf } from '../../identity/principal.ts';
import { names } from '../../links/request.ts';
import { requireKey } from '../../visitor/api-key.ts';
import { isLimited, knownBillable, notAllowed } from '../../visitor/billable.ts';
import { billingStateOf, type BillingState } from '../../portal/billing-state.ts';
import { recogniseBySite } from '../../visitor/recognise.ts';
import { notSignedIn } from '../../visitor/not-signed-in.ts';

const Query = v.strictObject({ subject: names.subject });

/** What D1 knows of the signed-in subject, or, with an API key, of any. Stripe is not asked. */
export const billingState = new Hono<AppEnv>().get(
  '/',
  allowedOriginOnly,
  validQuery(Query),
  async (c) => {
    const { subject } = c.req.valid('query');
    const customers = await (subject === undefined ? ofVisitor(c) : ofSubject(c, subject));
    return c.json(toAnswer(billingStateOf(customers)));
  },
);

async function ofVisitor(c: Context<AppEnv>): Promise<Customer[]> {
  const recognition = await recogniseBySite(c);
  if (recognition.kind !== 'recognised') throw notSignedIn(c, recognition);
  const { principal } = recognition;
  const services = c.get('services');
  await services.limits.reading(nameOf(principal));
  const customers = await knownBillable(principal, services);
  if (customers.length === 0 && isLimited(principal, services.config)) {
    throw notAllowed(services.config);
  }
  return customers;
}

async function ofSubject(c: Context<AppEnv>, subject: string): Promise<Customer[]> {
  await requireKey(c, 'read');
  return knownCustomers({ subject }, c.get('services'), 'primary');
}

function toAnswer(state: BillingState): BillingAnswer {
  return {
    state: state.state,
    plan: state.plan,
    period_end: state.periodEnd,
    may_be_due: state.mayBeDue,
    is_fresh: state.isFresh,
    as_of: state.asOf,
    subscriptions: state.subscriptions.map((each) => ({
      id: each.id,
      customer: each.customer,
      state: each.state,
      plan: each.plan,
      products: each.products,
      prices: each.prices,
      period_end: each.periodEnd,
      cancel_at: each.cancelAt,
      trial_end: each.trialEnd,
      may_be_due: each.mayBeDue,
    })),
  };
}
