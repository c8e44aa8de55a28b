import { newId } from './identifiers.ts';
import { completeCheckout } from './resources/checkout.ts';
import { change } from './protocol/emit.ts';
import { changeSubscription } from './resources/subscription-changes.ts';
import { failPayment, reopen } from './resources/invoice-changes.ts';
import { bill } from './resources/invoices.ts';
import { redeem } from './resources/coupons.ts';
import { defaultConfiguration } from './resources/configuration-defaults.ts';
import type { CompletedCheckout } from './resources/checkout.ts';
import type { Configuration, StoredSession } from './portal-objects.ts';
import type {
  CheckoutSession,
  Coupon,
  CurrencyOptions,
  Customer,
  Discount,
  EventDestination,
  Invoice,
  InvoiceItem,
  InvoicePayment,
  Meter,
  PaymentIntent,
  Price,
  Product,
  PromotionCode,
  Schedule,
  StripeEvent,
  Subscription,
  TaxRate,
  Tier,
  WebhookEndpoint,
} from './objects.ts';

export type Key = { livemode: boolean; permissions?: Set<string>; expired?: boolean };

/** Everything the stand-in remembers, open to tests. Objects are kept in order of creation. */
export class State {
  readonly account = newId('acct');
  readonly keys = new Map<string, Key>([
    ['sk_test_standin0000000000000000', { livemode: false }],
    ['sk_live_standin0000000000000000', { livemode: true }],
  ]);
  readonly customers = new Map<string, Customer>();
  readonly products = new Map<string, Product>();
  readonly prices = new Map<string, Price>();
  /** By the price's id. */
  readonly currencyOptions = new Map<string, CurrencyOptions>();
  readonly tiers = new Map<string, Tier[]>();
  readonly meters = new Map<string, Meter>();
  readonly taxRates = new Map<string, TaxRate>();
  readonly coupons = new Map<string, Coupon>();
  readonly promotionCodes = new Map<string, PromotionCode>();
  readonly discounts = new Map<string, Discount>();
  readonly subscriptions = new Map<string, Subscription>();
  readonly invoices = new Map<string, Invoice>();
  readonly invoiceItems = new Map<string, InvoiceItem>();
  /** By the invoice's id: each has one, since it was finalized. */
  readonly invoicePayments = new Map<string, InvoicePayment>();
  readonly paymentIntents = new Map<string, PaymentIntent>();
  /** Where hosted pages are. */
  invoiceOrigin = 'https://invoice.stripe.com';
  readonly schedules = new Map<string, Schedule>();
  readonly #subscriptionsByCustomer = new Map<string, Subscription[]>();
  readonly checkoutSessions = new Map<string, CheckoutSession>();
  readonly configurations = new Map<string, Configuration>();
  /** By the token in the session's address. */
  readonly portalSessions = new Map<string, StoredSession>();
  readonly events = new Map<string, StripeEvent>();
  readonly webhookEndpoints = new Map<string, WebhookEndpoint>();
  /** Those of the second generation; both generations' are on its list. */
  readonly eventDestinations = new Map<string, EventDestination>();
  /** Whether the portal's settings were ever saved: without it there is no default. */
  readonly portalSaved = { test: true, live: true };
  /** How long, in milliseconds, an object stays invisible to search. */
  searchLag = 0;
  /** Whether Stripe refuses to search, as it does for accounts of some countries. */
  searchRefused = false;
  /** Events that the list does not show before this time (milliseconds), by their ids. */
  readonly lateEvents = new Map<string, number>();
  /** Called with each event as it happens. */
  onEvent: ((event: StripeEvent) => void) | undefined;
  readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
    for (const livemode of [false, true]) {
      const configuration = defaultConfiguration(this.seconds(), livemode);
      this.configurations.set(configuration.id, configuration);
    }
  }

  /** Now, in the unit of the API. */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  isPortalSaved(livemode: boolean): boolean {
    return livemode ? this.portalSaved.live : this.portalSaved.test;
  }

  addSubscription(subscription: Subscription): void {
    this.subscriptions.set(subscription.id, subscription);
    const others = this.#subscriptionsByCustomer.get(subscription.customer);
    if (others) others.push(subscription);
    else this.#subscriptionsByCustomer.set(subscription.customer, [subscription]);
  }

  /** A customer's subscriptions, found without looking at everybody else's. */
  subscriptionsOf(customer: string): readonly Subscription[] {
    return this.#subscriptionsByCustomer.get(customer) ?? [];
  }

  /** Somebody paid at a checkout: says so with the event that a site waits for. */
  completeCheckout(checkout: CompletedCheckout): StripeEvent {
    return completeCheckout(this, checkout);
  }

  /**
   * Nobody pays the latest invoice: the charge for it has failed, and is tried again, or the due
   * date has passed. The subscription is past due.
   */
  leaveUnpaid(id: string): Invoice {
    const actor = { state: this, request: null };
    const invoice = this.latestInvoice(id);
    reopen(actor, invoice);
    if (invoice.collection_method === 'charge_automatically') failPayment(actor, invoice);
    else invoice.due_date = this.seconds() - 86_400;
    this.changeSubscription(id, { status: 'past_due' });
    return invoice;
  }

  /** Bills a subscription once more. The invoice is as the first: paid, or open if it was sent. */
  renew(id: string): Invoice {
    const subscription = this.changeSubscription(id, {});
    const invoice = bill(this, subscription);
    this.changeSubscription(id, { latest_invoice: invoice.id });
    return invoice;
  }

  latestInvoice(id: string): Invoice {
    const invoice = this.invoices.get(this.subscriptions.get(id)?.latest_invoice ?? '');
    if (!invoice) throw new Error(`The stand-in has not billed ${id}`);
    return invoice;
  }

  /** Gives a customer a discount, as calls of former versions did. */
  discountCustomer(id: string, coupon: string): void {
    const [customer, given] = [this.customers.get(id), this.coupons.get(coupon)];
    if (!customer || !given) throw new Error(`The stand-in has no ${id} or no ${coupon}`);
    const discount = redeem(this, given, { customer: id });
    change({ state: this, request: null }, 'customer.updated', customer, { discount });
  }

  /** Changes what no call can, such as the status, and tells of it as Stripe would. */
  changeSubscription(id: string, changes: Partial<Subscription>): Subscription {
    const subscription = this.subscriptions.get(id);
    if (!subscription) throw new Error(`The stand-in has no subscription ${id}`);
    changeSubscription({ state: this, request: null }, subscription, changes);
    return subscription;
  }
}
