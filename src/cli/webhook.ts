/** Where Stripe delivers to; routes/webhook.ts is mounted there. */
export const WEBHOOK_PATH = '/api/stripe/webhook';
