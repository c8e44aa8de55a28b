import { Hono } from 'hono';
import { findCustomers } from '../customers/find.ts';
import { BillingPage, SignedOutPage } from '../pages/billing.tsx';
import { recognise, type AppEnv } from './context.ts';
import { isSpeculative } from './guards.ts';
import { frameOf } from './page.ts';
import { refresh, takePortalVisit } from './portal-visit.ts';
import { isApiClient, notSignedIn, signInAddress } from './sign-in.ts';

/** Where people start, and where the portal sends them back to. */
export const billing = new Hono<AppEnv>().get('/', async (c) => {
  if (c.req.method === 'HEAD') return c.body(null);
  const { config, customers } = c.var.services;
  // Without a referrer the browser would send the button's form with `Origin: null`.
  c.header('referrer-policy', 'same-origin');
  const identification = await recognise(c);
  if (identification.kind !== 'recognised') {
    if (isApiClient(c, identification)) throw notSignedIn(identification);
    c.header('www-authenticate', 'Bearer realm="billing"');
    return c.html(
      <SignedOutPage frame={frameOf(c)} signInUrl={signInAddress(c, '/billing')} />,
      401,
    );
  }
  const { subject, email } = identification.identity;
  const now = new Date();
  let found = await findCustomers(identification.identity, c.var.services, now);
  const visited = isSpeculative(c) ? undefined : takePortalVisit(c);
  if (visited !== undefined && found.some(({ id }) => id === visited)) {
    await refresh(c, visited, now);
    found = await customers.findBySubject(subject, config.livemode, 'primary');
  }
  const ids = found.map(({ id }) => id);
  return c.html(
    <BillingPage
      frame={frameOf(c)}
      signedInAs={email}
      customers={found}
      subscriptions={ids.length > 0 ? await customers.findSubscriptions(ids) : []}
      pricingUrl={config.pricingUrl}
    />,
  );
});
