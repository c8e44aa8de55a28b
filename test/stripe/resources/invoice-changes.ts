import { changeSubscription } from './subscription-changes.ts';
import { expectPayment, paymentOf } from './payment-intents.ts';
import { emit } from '../protocol/emit.ts';
import { isDeclined } from '../protocol/common-parameters.ts';
import { refuse } from '../protocol/errors.ts';
import { randomWord } from '../identifiers.ts';
import type { Actor } from '../protocol/emit.ts';
import type { Invoice, PaymentIntent, Subscription } from '../objects.ts';
import type { State } from '../state.ts';

const DAY = 86_400;

/** Gives a draft its number, its page and its payment. One of no amount is paid with that. */
export function finalize(actor: Actor, invoice: Invoice): void {
  const { state } = actor;
  if (invoice.status !== 'draft') {
    // Seen in https://github.com/mozilla/fxa/pull/18811
    refuse("This invoice is already finalized, you can't re-finalize a non-draft invoice.");
  }
  const now = state.seconds();
  const mode = invoice.livemode ? 'live' : 'test';
  const finalized = [...state.invoices.values()].filter(({ number }) => number !== null).length;
  Object.assign(invoice, {
    effective_at: now,
    ending_balance: 0,
    hosted_invoice_url: `${state.invoiceOrigin}/i/${state.account}/${mode}_${randomWord(64)}?s=ap`,
    number: `STANDIN-${String(finalized + 1).padStart(4, '0')}`,
    status: 'open',
  });
  moment(invoice, 'finalized_at', now);
  if (invoice.amount_remaining > 0) expectPayment(state, invoice);
  emit(actor, 'invoice.finalized', invoice);
  if (invoice.amount_remaining === 0) settle(actor, invoice);
}

/** Charges a payment method. Says whether it was accepted. */
export function charge(actor: Actor, invoice: Invoice, method: string | null): boolean {
  if (isDeclined(method)) failPayment(actor, invoice);
  else settle(actor, invoice);
  return !isDeclined(method);
}

/** A charge has failed. Stripe tries again in some days, unless it has given up. */
export function failPayment(actor: Actor, invoice: Invoice, isTriedAgain = true): void {
  const next = isTriedAgain && invoice.collection_method === 'charge_automatically';
  Object.assign(invoice, {
    attempt_count: invoice.attempt_count + 1,
    attempted: true,
    next_payment_attempt: next ? actor.state.seconds() + 3 * DAY : null,
  });
  setPayment(actor.state, invoice, 'requires_payment_method');
  emit(actor, 'invoice.payment_failed', invoice);
  const subscription = subscriptionOf(actor.state, invoice);
  if (subscription && ['active', 'trialing'].includes(subscription.status)) {
    changeSubscription(actor, subscription, { status: 'past_due' });
  }
}

/** A bank has been asked for the money, and will take some days. */
export function beginPayment({ state }: Actor, invoice: Invoice): void {
  Object.assign(invoice, { attempted: true, next_payment_attempt: null });
  setPayment(state, invoice, 'processing');
}

/** The invoice is paid, and with it, if it is the latest, the subscription in good standing. */
export function settle(actor: Actor, invoice: Invoice): void {
  const { state } = actor;
  const now = state.seconds();
  const { total } = invoice;
  Object.assign(invoice, {
    amount_paid: total,
    amount_remaining: 0,
    attempt_count: Math.max(1, invoice.attempt_count),
    attempted: true,
    next_payment_attempt: null,
    status: 'paid',
  });
  moment(invoice, 'paid_at', now);
  setPayment(state, invoice, 'succeeded');
  const payment = state.invoicePayments.get(invoice.id);
  if (payment) {
    const moments = { ...payment.status_transitions, paid_at: now };
    Object.assign(payment, { amount_paid: total, status: 'paid', status_transitions: moments });
  }
  emit(actor, 'invoice.paid', invoice);
  relieve(actor, invoice, 'active');
}

export function voidInvoice(actor: Actor, invoice: Invoice): void {
  refuseUnless(invoice, 'open', 'uncollectible');
  close(actor, invoice, 'void', 'voided_at');
  setPayment(actor.state, invoice, 'canceled');
  emit(actor, 'invoice.voided', invoice);
  relieve(actor, invoice, 'incomplete_expired');
}

/** Written off, though it can still be paid. */
export function markUncollectible(actor: Actor, invoice: Invoice): void {
  refuseUnless(invoice, 'open');
  close(actor, invoice, 'uncollectible', 'marked_uncollectible_at');
  emit(actor, 'invoice.marked_uncollectible', invoice);
  relieve(actor, invoice, 'incomplete_expired');
}

/** As if nobody had paid it yet. No call can do this: a test that wants it open begins here. */
export function reopen({ state }: Actor, invoice: Invoice): void {
  const { total } = invoice;
  Object.assign(invoice, {
    amount_paid: 0,
    amount_remaining: total,
    attempt_count: 0,
    attempted: false,
    status: 'open',
  });
  moment(invoice, 'paid_at', null);
  expectPayment(state, invoice);
}

export function refuseUnless({ status }: Invoice, ...allowed: Invoice['status'][]): void {
  if (allowed.includes(status)) return;
  refuse("You can only pass in open invoices. This invoice isn't open.");
}

function close(
  { state }: Actor,
  invoice: Invoice,
  status: 'void' | 'uncollectible',
  name: keyof Invoice['status_transitions'],
): void {
  Object.assign(invoice, { next_payment_attempt: null, status });
  moment(invoice, name, state.seconds());
}

/** A subscription goes on when its latest invoice is settled. One that never began has ended. */
function relieve(actor: Actor, invoice: Invoice, unbegun: Subscription['status']): void {
  const subscription = subscriptionOf(actor.state, invoice);
  if (subscription?.latest_invoice !== invoice.id) return;
  const { status } = subscription;
  const next = status === 'incomplete' ? unbegun : 'active';
  if (!['incomplete', 'past_due', 'unpaid'].includes(status)) return;
  changeSubscription(actor, subscription, { status: next });
}

function subscriptionOf(state: State, { parent }: Invoice): Subscription | undefined {
  return parent ? state.subscriptions.get(parent.subscription_details.subscription) : undefined;
}

function setPayment(state: State, invoice: Invoice, status: PaymentIntent['status']): void {
  const intent = paymentOf(state, invoice);
  if (!intent) return;
  intent.status = status;
  intent.amount_received = status === 'succeeded' ? intent.amount : 0;
}

function moment(
  invoice: Invoice,
  name: keyof Invoice['status_transitions'],
  at: number | null,
): void {
  invoice.status_transitions = { ...invoice.status_transitions, [name]: at };
}
