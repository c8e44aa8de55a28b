import { resolve } from 'node:path';
import type { Plugin } from 'rolldown';

// Modules of packages, as these import them, and what takes their place.
const LEFT_OUT = new Map(
  Object.entries({
    // Drizzle's enums of Postgres, Hono's mounting of other apps and its moving of elements into the
    // head.
    '../pg-core/columns/enum.js': './src/customers/no-enums.ts',
    './utils/mount.js': './src/http/no-mount.ts',
    './intrinsic-element/components.js': './src/pages/plain-elements.ts',
    // jose's compression, and Stripe's large numbers.
    './deflate.js': './src/identity/no-deflate.ts',
    './Decimal.js': './src/stripe/no-decimals.ts',
    './V2Coercion.js': './src/stripe/no-decimals.ts',
    // The parts of Stripe's client that the Worker does not call. A test compares the two.
    './StripeEventNotificationHandler.js': './src/stripe/left-out.ts',
    './resources.js': './src/stripe/no-resources.ts',
    './resources/AccountLinks.js': './src/stripe/left-out.ts',
    './resources/AccountSessions.js': './src/stripe/left-out.ts',
    './resources/Accounts.js': './src/stripe/left-out.ts',
    './resources/ApplePayDomains.js': './src/stripe/left-out.ts',
    './resources/ApplicationFees.js': './src/stripe/left-out.ts',
    './resources/Apps/index.js': './src/stripe/left-out.ts',
    './resources/Balance.js': './src/stripe/left-out.ts',
    './resources/BalanceSettings.js': './src/stripe/left-out.ts',
    './resources/BalanceTransactions.js': './src/stripe/left-out.ts',
    './resources/Billing/index.js': './src/stripe/left-out.ts',
    './resources/Charges.js': './src/stripe/left-out.ts',
    './resources/Climate/index.js': './src/stripe/left-out.ts',
    './resources/ConfirmationTokens.js': './src/stripe/left-out.ts',
    './resources/CountrySpecs.js': './src/stripe/left-out.ts',
    './resources/CreditNotes.js': './src/stripe/left-out.ts',
    './resources/CustomerSessions.js': './src/stripe/left-out.ts',
    './resources/Disputes.js': './src/stripe/left-out.ts',
    './resources/Entitlements/index.js': './src/stripe/left-out.ts',
    './resources/EphemeralKeys.js': './src/stripe/left-out.ts',
    './resources/ExchangeRates.js': './src/stripe/left-out.ts',
    './resources/FileLinks.js': './src/stripe/left-out.ts',
    './resources/Files.js': './src/stripe/left-out.ts',
    './resources/FinancialConnections/index.js': './src/stripe/left-out.ts',
    './resources/Forwarding/index.js': './src/stripe/left-out.ts',
    './resources/Identity/index.js': './src/stripe/left-out.ts',
    './resources/InvoiceItems.js': './src/stripe/left-out.ts',
    './resources/InvoicePayments.js': './src/stripe/left-out.ts',
    './resources/InvoiceRenderingTemplates.js': './src/stripe/left-out.ts',
    './resources/Issuing/index.js': './src/stripe/left-out.ts',
    './resources/Mandates.js': './src/stripe/left-out.ts',
    './resources/PaymentAttemptRecords.js': './src/stripe/left-out.ts',
    './resources/PaymentLinks.js': './src/stripe/left-out.ts',
    './resources/PaymentMethodConfigurations.js': './src/stripe/left-out.ts',
    './resources/PaymentMethodDomains.js': './src/stripe/left-out.ts',
    './resources/PaymentMethods.js': './src/stripe/left-out.ts',
    './resources/PaymentRecords.js': './src/stripe/left-out.ts',
    './resources/Payouts.js': './src/stripe/left-out.ts',
    './resources/Plans.js': './src/stripe/left-out.ts',
    './resources/Prices.js': './src/stripe/left-out.ts',
    './resources/ProductCatalog/index.js': './src/stripe/left-out.ts',
    './resources/PromotionCodes.js': './src/stripe/left-out.ts',
    './resources/Quotes.js': './src/stripe/left-out.ts',
    './resources/Radar/index.js': './src/stripe/left-out.ts',
    './resources/Refunds.js': './src/stripe/left-out.ts',
    './resources/Reporting/index.js': './src/stripe/left-out.ts',
    './resources/Reserve/index.js': './src/stripe/left-out.ts',
    './resources/Reviews.js': './src/stripe/left-out.ts',
    './resources/SetupAttempts.js': './src/stripe/left-out.ts',
    './resources/SetupIntents.js': './src/stripe/left-out.ts',
    './resources/ShippingRates.js': './src/stripe/left-out.ts',
    './resources/Sigma/index.js': './src/stripe/left-out.ts',
    './resources/Sources.js': './src/stripe/left-out.ts',
    './resources/SubscriptionItems.js': './src/stripe/left-out.ts',
    './resources/Tax/index.js': './src/stripe/left-out.ts',
    './resources/TaxCodes.js': './src/stripe/left-out.ts',
    './resources/TaxIds.js': './src/stripe/left-out.ts',
    './resources/TaxRates.js': './src/stripe/left-out.ts',
    './resources/Terminal/index.js': './src/stripe/left-out.ts',
    './resources/TestHelpers/index.js': './src/stripe/left-out.ts',
    './resources/ThreeDSecure/index.js': './src/stripe/left-out.ts',
    './resources/Tokens.js': './src/stripe/left-out.ts',
    './resources/Topups.js': './src/stripe/left-out.ts',
    './resources/Transfers.js': './src/stripe/left-out.ts',
    './resources/Treasury/index.js': './src/stripe/left-out.ts',
    './resources/V2/index.js': './src/stripe/left-out.ts',
    './resources/WebhookEndpoints.js': './src/stripe/left-out.ts',
  }),
);

/** Leaves out what packages bring along and nothing here uses: a sixth of what is built. */
export function leaveOut(): Plugin {
  return {
    name: 'left-out',
    resolveId(name) {
      const replacement = LEFT_OUT.get(name);
      return replacement === undefined ? null : resolve(replacement);
    },
  };
}
