// The usual way, as tutorials show it: everything is built anew for each request. The checks are
// the ones that a careful tutorial makes; headers come from Hono's own middleware.
import { drizzle } from 'drizzle-orm/d1';
import { and, eq, isNull } from 'drizzle-orm';
import { Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import { secureHeaders } from 'hono/secure-headers';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { Stripe } from 'stripe';
import { customers } from '../../src/customers/schema.ts';

const app = new Hono<{ Bindings: Env & { AUTH_JWT_SECRET?: string } }>();

app.use(secureHeaders());

app.get('/billing/manage', async (c) => {
  const token = getCookie(c, c.env.AUTH_COOKIE);
  const signIn = c.env.SIGN_IN_URL.replace('{return_to}', encodeURIComponent(c.req.url));
  if (token === undefined) return c.redirect(signIn, 303);
  const expected = { issuer: c.env.AUTH_ISSUER, audience: c.env.AUTH_AUDIENCE };
  const shared = c.env.AUTH_JWT_SECRET;
  let subject: string;
  try {
    const { payload } =
      shared === undefined
        ? await jwtVerify(token, createRemoteJWKSet(new URL(c.env.AUTH_JWKS_URL)), expected)
        : await jwtVerify(token, new TextEncoder().encode(shared), expected);
    subject = payload.sub ?? '';
  } catch {
    return c.redirect(signIn, 303);
  }
  const [customer] = await drizzle(c.env.DB)
    .select()
    .from(customers)
    .where(and(eq(customers.subject, subject), isNull(customers.deletedAt)));
  if (!customer) return c.text('You have bought nothing yet.', 404);
  const stripe = new Stripe(c.env.STRIPE_SECRET_KEY, {
    httpClient: Stripe.createFetchHttpClient(),
  });
  const session = await stripe.billingPortal.sessions.create({
    customer: customer.id,
    return_url: `${new URL(c.req.url).origin}/billing`,
  });
  return c.redirect(session.url, 303);
});

export default app;
