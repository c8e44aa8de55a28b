/** The objects of the API as far as they carry state here; names and shapes are Stripe's. */
export type Resource = { id: string; object: string; created: number; livemode: boolean };
export type Metadata = Record<string, string>;
export type List<Item> = { object: 'list'; data: Item[]; has_more: boolean; url: string };

export type Customer = Resource & {
  object: 'customer';
  deleted?: true;
  description: string | null;
  email: string | null;
  metadata: Metadata;
  name: string | null;
  phone: string | null;
};

export type Product = Resource & {
  object: 'product';
  active: boolean;
  description: string | null;
  metadata: Metadata;
  name: string;
  updated: number;
};

export type Interval = 'day' | 'week' | 'month' | 'year';

export type Price = Resource & {
  object: 'price';
  active: boolean;
  currency: string;
  lookup_key: string | null;
  metadata: Metadata;
  nickname: string | null;
  product: string;
  recurring: Recurring | null;
  type: 'one_time' | 'recurring';
  unit_amount: number;
  unit_amount_decimal: string;
};

export type SubscriptionItem = {
  id: string;
  object: 'subscription_item';
  created: number;
  current_period_end: number;
  current_period_start: number;
  metadata: Metadata;
  price: Price;
  quantity: number;
  subscription: string;
};

export type SubscriptionStatus =
  | 'active'
  | 'canceled'
  | 'incomplete'
  | 'incomplete_expired'
  | 'past_due'
  | 'paused'
  | 'trialing'
  | 'unpaid';

export type Recurring = {
  interval: Interval;
  interval_count: number;
  meter: null;
  usage_type: 'licensed';
};

export type PauseCollection = {
  behavior: 'keep_as_draft' | 'mark_uncollectible' | 'void';
  resumes_at: number | null;
};

export type Subscription = Resource & {
  object: 'subscription';
  billing_cycle_anchor: number;
  cancel_at: number | null;
  cancel_at_period_end: boolean;
  canceled_at: number | null;
  collection_method: 'charge_automatically' | 'send_invoice';
  currency: string;
  customer: string;
  days_until_due: number | null;
  description: string | null;
  ended_at: number | null;
  items: List<SubscriptionItem> & { total_count: number };
  metadata: Metadata;
  pause_collection: PauseCollection | null;
  start_date: number;
  status: SubscriptionStatus;
  trial_end: number | null;
  trial_start: number | null;
};

export type CheckoutSession = Resource & {
  object: 'checkout.session';
  client_reference_id: string | null;
  customer: string;
  customer_details: { email: string | null; name: string | null };
  metadata: Metadata;
  mode: 'payment' | 'subscription';
  payment_intent: string | null;
  payment_status: 'paid';
  status: 'complete' | 'expired' | 'open';
  subscription: string | null;
};

export type WebhookEndpoint = Resource & {
  object: 'webhook_endpoint';
  api_version: string | null;
  description: string | null;
  enabled_events: string[];
  metadata: Metadata;
  /** Answered once, by the call that creates the endpoint. */
  secret: string;
  status: 'enabled' | 'disabled';
  url: string;
};

export type EventRequest = { id: string | null; idempotency_key: string | null };

export type StripeEvent = Resource & {
  object: 'event';
  api_version: string;
  data: { object: Record<string, unknown>; previous_attributes?: Record<string, unknown> };
  pending_webhooks: number;
  request: EventRequest | null;
  type: string;
};
