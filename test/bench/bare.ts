// The least Worker that has Hono and Stripe's client in it, to compare the start with.
import { Hono } from 'hono';
import { Stripe } from 'stripe';

const app = new Hono<{ Bindings: Env }>();
let stripe: Stripe | undefined;

app.get('/billing/manage', async (c) => {
  stripe ??= new Stripe(c.env.STRIPE_SECRET_KEY, { httpClient: Stripe.createFetchHttpClient() });
  const session = await stripe.billingPortal.sessions.create({
    customer: 'cus_bench',
    return_url: `${new URL(c.req.url).origin}/billing`,
  });
  return c.redirect(session.url, 303);
});

export default app;
