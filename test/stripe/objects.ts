import type { Stripe } from 'stripe';

/**
 * A response of Stripe's client with every field there, but for those `Left` out. What stands in
 * `Narrowed` is as it is here: not expanded, or a number as the text that goes over the wire.
 */
export type Like<Response, Left extends keyof Response, Narrowed> = Omit<
  Required<Response>,
  Left | keyof Narrowed
> &
  Narrowed;

export type Resource = { id: string; object: string; created: number; livemode: boolean };
export type Metadata = Record<string, string>;
export type List<Item> = { object: 'list'; data: Item[]; has_more: boolean; url: string };

/** The fields that no account here has, or that Stripe answers only to who asks for them. */
type LeftOfCustomer =
  | 'business_name'
  | 'cash_balance'
  | 'deleted'
  | 'individual_name'
  | 'invoice_credit_balance'
  | 'sources'
  | 'subscriptions'
  | 'tax'
  | 'tax_ids';

export type Customer = Like<
  Stripe.Customer,
  LeftOfCustomer,
  { deleted?: true; name: string | null; invoice_settings: InvoiceSettings; test_clock: null }
>;

type InvoiceSettings = Like<
  Stripe.Customer.InvoiceSettings,
  never,
  { default_payment_method: string | null }
>;

export type Product = Like<
  Stripe.Product,
  'deleted',
  { default_price: string | null; tax_code: null }
>;

export type Interval = 'day' | 'month' | 'week' | 'year';
export type Recurring = Like<Stripe.Price.Recurring, never, { interval: Interval }>;

export type Price = Like<
  Stripe.Price,
  'currency_options' | 'deleted' | 'tiers',
  {
    product: string;
    recurring: Recurring | null;
    unit_amount_decimal: string | null;
  }
>;

/** What a price costs in its other currencies, which its own fields do not say. */
export type CurrencyOptions = Record<string, number>;

export type Tier = {
  flat_amount?: number | undefined;
  unit_amount?: number | undefined;
  up_to: number | 'inf';
};

export type TaxRate = Like<Stripe.TaxRate, never, { metadata: Metadata }>;

/** What a price was called before there were prices; each item still carries one. */
export type Plan = Like<
  Stripe.Plan,
  'deleted' | 'tiers',
  { amount_decimal: string | null; product: string }
>;

export type Meter = Stripe.Billing.Meter;

export type SubscriptionItem = Like<
  Stripe.SubscriptionItem,
  'billed_until' | 'deleted',
  {
    discounts: string[];
    plan: Plan;
    price: Price;
    /** Usage has none. */
    quantity?: number;
    tax_rates: TaxRate[];
  }
>;

export type SubscriptionStatus = Stripe.Subscription.Status;
export type PauseCollection = Stripe.Subscription.PauseCollection;

export type Subscription = Like<
  Stripe.Subscription,
  'presentment_details' | 'status_details',
  {
    customer: string;
    default_payment_method: string | null;
    default_source: null;
    default_tax_rates: TaxRate[];
    discounts: string[];
    items: List<SubscriptionItem> & { total_count: number };
    latest_invoice: string | null;
    on_behalf_of: null;
    pending_setup_intent: null;
    pending_update: null;
    schedule: string | null;
    /** There while payments are in another currency. */
    presentment_details?: Stripe.Subscription.PresentmentDetails;
    /** There while it says something of the status: today only of a pause. */
    status_details?: Stripe.Subscription.StatusDetails;
    test_clock: null;
    transfer_data: null;
  }
>;

type LeftOfInvoice =
  | 'amount_paid_off_stripe'
  | 'confirmation_secret'
  | 'deleted'
  | 'lines'
  | 'payments'
  | 'status_details'
  | 'subtotal_excluding_tax'
  | 'threshold_reason'
  | 'total_discount_amounts'
  | 'total_excluding_tax'
  | 'total_pretax_credit_amounts'
  | 'total_taxes';

export type Invoice = Like<
  Stripe.Invoice,
  LeftOfInvoice,
  {
    account_tax_ids: null;
    application: null;
    customer: string;
    default_payment_method: null;
    default_source: null;
    default_tax_rates: TaxRate[];
    discounts: string[];
    latest_revision: null;
    on_behalf_of: null;
    /** Null for an invoice that no subscription has made. */
    parent: {
      quote_details: null;
      subscription_details: { metadata: Metadata; subscription: string };
      type: 'subscription_details';
    } | null;
    test_clock: null;
  }
>;

export type InvoiceItem = Like<
  Stripe.InvoiceItem,
  'deleted' | 'frozen_fields' | 'invoicing_rules' | 'net_amount' | 'proration_details',
  {
    customer: string;
    discounts: string[];
    invoice: string;
    quantity_decimal: string;
    tax_rates: TaxRate[];
    test_clock: null;
  }
>;

export type InvoicePayment = Like<
  Stripe.InvoicePayment,
  never,
  { invoice: string; payment: { payment_intent: string; type: 'payment_intent' } }
>;

export type PaymentIntent = Like<
  Stripe.PaymentIntent,
  'amount_details' | 'hooks' | 'payment_details' | 'presentment_details' | 'transfer_data',
  {
    application: null;
    customer: string;
    latest_charge: null;
    on_behalf_of: null;
    payment_method: string | null;
    payment_record: null;
    review: null;
    source: null;
  }
>;

export type Coupon = Like<
  Stripe.Coupon,
  'applies_to' | 'currency_options' | 'deleted',
  { metadata: Metadata }
>;

export type Discount = Like<
  Stripe.Discount,
  'deleted',
  {
    customer: string;
    promotion_code: string | null;
    source: { coupon: string; type: 'coupon' };
  }
>;

export type PromotionCode = Like<
  Stripe.PromotionCode,
  never,
  {
    customer: string | null;
    metadata: Metadata;
    promotion: { coupon: string; type: 'coupon' };
  }
>;

export type Schedule = Like<
  Stripe.SubscriptionSchedule,
  never,
  { customer: string; phases: Phase[]; subscription: string | null; test_clock: null }
>;

export type Phase = Like<
  Stripe.SubscriptionSchedule.Phase,
  'automatic_tax' | 'trial',
  {
    default_payment_method: null;
    default_tax_rates: TaxRate[];
    items: PhaseItem[];
    on_behalf_of: null;
    transfer_data: null;
  }
>;

export type PhaseItem = Like<
  Stripe.SubscriptionSchedule.Phase.Item,
  'quantity' | 'tax_rates',
  { plan: string; price: string; quantity?: number }
>;

type LeftOfCheckout =
  | 'branding_settings'
  | 'excluded_payment_method_types'
  | 'line_items'
  | 'name_collection'
  | 'optional_items'
  | 'presentment_details'
  | 'redirect_on_completion'
  | 'return_url'
  | 'tax_id_collection';

export type CheckoutSession = Like<
  Stripe.Checkout.Session,
  LeftOfCheckout,
  {
    customer: string | null;
    invoice: string | null;
    metadata: Metadata;
    payment_intent: string | null;
    payment_link: string | null;
    setup_intent: null;
    subscription: string | null;
  }
>;

export type WebhookEndpoint = Like<Stripe.WebhookEndpoint, 'deleted', { secret: string }>;

export type EventDestination = Like<
  Stripe.V2.Core.EventDestination,
  | 'amazon_eventbridge'
  | 'azure_event_grid'
  | 'events_from'
  | 'snapshot_api_version'
  | 'status_details'
  | 'webhook_endpoint',
  { webhook_endpoint: { signing_secret: string; url: string } }
>;

export type EventRequest = { id: string | null; idempotency_key: string | null };

export type StripeEvent = Like<
  Stripe.Event,
  'account' | 'context',
  {
    api_version: string;
    data: { object: Record<string, unknown>; previous_attributes?: Record<string, unknown> };
    request: EventRequest | null;
    type: string;
  }
>;
