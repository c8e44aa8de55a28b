import { Hono } from './http/hono.ts';
import { BillingError } from './errors/billing-error.ts';
import { billingState } from './routes/api/billing.ts';
import { requireServices, type AppEnv } from './http/context.ts';
import { respondWithFault } from './http/fault.ts';
import {
  formOnly,
  limitBody,
  navigationOnly,
  sameOriginOnly,
  smallBodyOnly,
} from './http/guards.ts';
import { links } from './routes/api/links.ts';
import type { Host } from './http/host.ts';
import { rememberLanguage } from './http/language.ts';
import { httpsOnly } from './http/own-origin.ts';
import * as loaded from './routes/loaded.ts';
import { manage } from './routes/billing/manage.ts';
import { observe } from './http/observe.ts';
import { portalSession } from './routes/api/portal-session.ts';
import { allowedOrigins, safeHeaders } from './http/headers.ts';

// Clients have no environment, and its type would bring Stripe's and ours along.
const api = new Hono()
  .route('/api/stripe/create-portal-session', portalSession)
  .route('/api/links', links)
  .route('/api/billing', billingState);

/** For Hono's typed client: `hc<Api>('https://your-site.example')`. */
export type Api = typeof api;

const WEBHOOK_BYTES = 512 * 1024;

/**
 * The whole HTTP surface.
 *
 * @param host  the app that these addresses are mounted in. It has `/` and `/healthz` to itself
 */
export function createApp(host?: Host): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  if (host) {
    app.use(async (c, next) => {
      // Limiting a body replaces the request that the host knows.
      const { raw } = c.req;
      c.set('host', { identify: async (...by) => host.identify(raw, ...by) });
      await next();
    });
  }
  app.use(observe);
  app.use(safeHeaders);
  app.use(httpsOnly);
  app.onError(respondWithFault);
  app.notFound((c) => respondWithFault(refusalOf(c.req.path, app), c));

  if (!host) app.get('/healthz', loaded.sayHealth);
  // On a route of the site's own host, /healthz may be the site's.
  app.get('/billing/healthz', loaded.sayHealth);
  app.use(requireServices);
  app.use('/billing/*', rememberLanguage);
  app.route('/billing/manage', manage);
  app.get('/billing', navigationOnly, loaded.showBilling);
  app.get('/billing/authorize', navigationOnly, loaded.goToProvider);
  app.get('/billing/callback', navigationOnly, loaded.finishSignIn);
  app.get('/billing/switch', navigationOnly, loaded.askToSwitch);
  app.post('/billing/switch', sameOriginOnly, formOnly, smallBodyOnly, loaded.switchAccount);
  app.get('/billing/sign-in', loaded.askForAddress);
  app.post('/billing/sign-in', sameOriginOnly, formOnly, smallBodyOnly, loaded.mailLink);
  app.post('/billing/sign-out', sameOriginOnly, loaded.signOut);
  app.use('/api/stripe/create-portal-session', allowedOrigins('POST'));
  app.use('/api/billing', allowedOrigins('GET'));
  app.route('/', api);
  app.get('/api/openapi.json', loaded.describeApi);
  app.post('/api/stripe/webhook', limitBody(WEBHOOK_BYTES), loaded.takeDelivery);
  return app;
}

/** The addresses that an app answers. Middleware has none of its own. */
export const routesOf = ({ routes }: Hono<AppEnv>) =>
  routes.filter(({ method }) => method !== 'ALL');

/** Nothing is at this address, or nothing takes this method (RFC 9110 §15.5.6). */
function refusalOf(address: string, app: Hono<AppEnv>): BillingError {
  const methods = routesOf(app)
    .filter(({ path }) => path === address)
    .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : method));
  if (methods.length === 0) return new BillingError('address_not_found', 'No such route.');
  return new BillingError('method_not_allowed', 'The route has no such method.', {
    headers: { allow: [...new Set(methods)].join(', ') },
  });
}
