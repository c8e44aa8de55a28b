import { account } from './account.ts';
import { checkoutSessions } from './checkout.ts';
import { configurations } from './configurations.ts';
import { coupons } from './coupons.ts';
import { customers } from './customers.ts';
import { customerSearch } from './customer-search.ts';
import { events } from './events.ts';
import { invoiceActions } from './invoice-actions.ts';
import { invoiceItems } from './invoice-items.ts';
import { invoices } from './invoices.ts';
import { meters } from './meters.ts';
import { paymentIntents } from './payment-intents.ts';
import { portalSessions } from './portal-sessions.ts';
import { prices } from './prices.ts';
import { products } from './products.ts';
import { promotionCodes } from './promotion-codes.ts';
import { schedules } from './schedules.ts';
import { taxRates } from './tax-rates.ts';
import { subscriptions } from './subscriptions.ts';
import { webhookEndpoints } from './webhook-endpoints.ts';
import type { Endpoint } from '../protocol/endpoint.ts';

/** Search comes before `/:id`, which would take its word for an id. */
export const endpoints: readonly Endpoint[] = [
  account,
  customerSearch,
  ...customers,
  ...products,
  ...prices,
  ...coupons,
  ...promotionCodes,
  ...taxRates,
  ...meters,
  ...subscriptions,
  ...schedules,
  ...invoices,
  ...invoiceActions,
  invoiceItems,
  paymentIntents,
  ...checkoutSessions,
  ...configurations,
  portalSessions,
  ...events,
  ...webhookEndpoints,
];
