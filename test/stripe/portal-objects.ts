import type { Stripe } from 'stripe';
import type { Like, Metadata } from './objects.ts';

type Portal = Stripe.BillingPortal.Configuration;

export type Features = Like<
  Portal['features'],
  never,
  {
    subscription_cancel: Like<
      Stripe.BillingPortal.Configuration.Features.SubscriptionCancel,
      never,
      {
        cancellation_reason: Like<
          Stripe.BillingPortal.Configuration.Features.SubscriptionCancel.CancellationReason,
          never,
          { feedback_options: string[] | null }
        >;
      }
    >;
    subscription_update: Like<
      Stripe.BillingPortal.Configuration.Features.SubscriptionUpdate,
      never,
      object
    >;
  }
>;

export type Configuration = Like<
  Portal,
  never,
  { application: null; features: Features; metadata: Metadata }
>;

export type FlowType =
  | 'customer_update'
  | 'payment_method_update'
  | 'subscription_cancel'
  | 'subscription_pause'
  | 'subscription_update'
  | 'subscription_update_confirm';

export type Flow = Like<Stripe.BillingPortal.Session.Flow, never, { type: FlowType }>;
export type AfterCompletion = Flow['after_completion'];

export type PortalSession = Like<
  Stripe.BillingPortal.Session,
  never,
  { configuration: string; customer: string; flow: Flow | null }
>;

/** What a portal page needs to know besides the object of the API; moments in milliseconds. */
export type StoredSession = {
  session: PortalSession;
  token: string;
  createdAt: number;
  lastUsedAt: number | null;
  expired: boolean;
  flowCompleted: boolean;
};
