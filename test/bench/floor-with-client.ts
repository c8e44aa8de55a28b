// The floor with Stripe's client in place of one `fetch`: what the client costs in any Worker.
import type { Stripe } from 'stripe';
import { createStripe } from '../../src/stripe/client.ts';
import { createFloor, type Ways } from './floor.ts';

let stripe: Stripe | undefined;

export const openSession: Ways['openSession'] = async (customer, returnUrl, env) => {
  stripe ??= createStripe({
    secretKey: env.STRIPE_SECRET_KEY,
    apiBase: URL.parse(env.STRIPE_API_BASE) ?? undefined,
  });
  const { url } = await stripe.billingPortal.sessions.create({ customer, return_url: returnUrl });
  return url;
};

export default createFloor({ openSession });
