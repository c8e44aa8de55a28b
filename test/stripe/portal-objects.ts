import type { Metadata, Resource } from './objects.ts';

export type Features = {
  customer_update: { allowed_updates: string[]; enabled: boolean };
  invoice_history: { enabled: boolean };
  payment_method_update: { enabled: boolean; payment_method_configuration: string | null };
  subscription_cancel: {
    cancellation_reason: {
      enabled: boolean;
      feedback_options: string[] | null;
      options: string[];
    };
    enabled: boolean;
    mode: string;
    proration_behavior: string;
  };
  subscription_pause: {
    duration: {
      interval_options: Array<{ interval: string; interval_count: number }>;
      type: string;
    };
    enabled: boolean;
  };
  subscription_update: {
    billing_cycle_anchor: string | null;
    default_allowed_updates: string[];
    enabled: boolean;
    products: unknown[] | null;
    proration_behavior: string;
    schedule_at_period_end: { conditions: Array<{ type: string }> };
    trial_update_behavior: string;
  };
};

export type Configuration = Resource & {
  object: 'billing_portal.configuration';
  active: boolean;
  application: null;
  business_profile: {
    headline: string | null;
    privacy_policy_url: string | null;
    terms_of_service_url: string | null;
  };
  default_return_url: string | null;
  features: Features;
  is_default: boolean;
  login_page: { enabled: boolean; url: string | null };
  metadata: Metadata;
  name: string | null;
  updated: number;
};

export type AfterCompletion = {
  hosted_confirmation: { custom_message: string | null } | null;
  redirect: { return_url: string } | null;
  type: 'hosted_confirmation' | 'portal_homepage' | 'redirect';
};

export type FlowType =
  | 'customer_update'
  | 'payment_method_update'
  | 'subscription_cancel'
  | 'subscription_pause'
  | 'subscription_update'
  | 'subscription_update_confirm';

export type Flow = {
  after_completion: AfterCompletion;
  customer_update: Record<string, never> | null;
  subscription_cancel: { retention: unknown; subscription: string } | null;
  subscription_pause: { subscription: string } | null;
  subscription_update: { subscription: string } | null;
  subscription_update_confirm: {
    discounts: unknown[] | null;
    items: Array<{ id: string; price: string | null; quantity?: number }>;
    subscription: string;
  } | null;
  type: FlowType;
};

export type PortalSession = Resource & {
  object: 'billing_portal.session';
  after_expiration: {
    customer_login: { expires_at: number | null } | null;
    type: 'customer_login';
  } | null;
  configuration: string;
  customer: string;
  customer_account: null;
  flow: Flow | null;
  locale: string | null;
  on_behalf_of: string | null;
  return_url: string | null;
  url: string;
};

/** What a portal page needs to know besides the object of the API; moments in milliseconds. */
export type StoredSession = {
  session: PortalSession;
  token: string;
  createdAt: number;
  lastUsedAt: number | null;
  expired: boolean;
  flowCompleted: boolean;
};
