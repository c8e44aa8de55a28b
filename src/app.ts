import { Hono } from './http/hono.ts';
import { BillingError } from './errors/billing-error.ts';
import { authorize } from './routes/billing/authorize.ts';
import { billingState } from './routes/api/billing.ts';
import { callback } from './routes/billing/callback.ts';
import { billing } from './routes/billing/index.tsx';
import { requireServices, type AppEnv } from './http/context.ts';
import { respondWithFault } from './http/fault.tsx';
import { emailSignIn } from './routes/billing/sign-in.tsx';
import { health } from './routes/healthz.ts';
import { links } from './routes/api/links.ts';
import type { Host } from './http/host.ts';
import { rememberLanguage } from './http/language.ts';
import { httpsOnly } from './http/own-origin.ts';
import { manage } from './routes/billing/manage.ts';
import { observe } from './http/observe.ts';
import { openapi } from './routes/api/openapi.ts';
import { portalSession } from './routes/api/portal-session.ts';
import { signOut } from './routes/billing/sign-out.ts';
import { switchAccount } from './routes/billing/switch.tsx';
import { webhook } from './routes/api/webhook.ts';
import { allowedOrigins, safeHeaders } from './http/headers.ts';

// Clients have no environment, and its type would bring Stripe's and ours along.
const api = new Hono()
  .route('/api/stripe/create-portal-session', portalSession)
  .route('/api/links', links)
  .route('/api/billing', billingState);

/** For Hono's typed client: `hc<Api>('https://your-site.example')`. */
export type Api = typeof api;

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

  if (!host) app.route('/healthz', health);
  // On a route of the site's own host, /healthz may be the site's.
  app.route('/billing/healthz', health);
  app.use(requireServices);
  app.use('/billing/*', rememberLanguage);
  app.route('/billing', billing);
  app.route('/billing/manage', manage);
  app.route('/billing/authorize', authorize);
  app.route('/billing/callback', callback);
  app.route('/billing/switch', switchAccount);
  app.route('/billing/sign-in', emailSignIn);
  app.route('/billing/sign-out', signOut);
  app.use('/api/stripe/create-portal-session', allowedOrigins('POST'));
  app.use('/api/billing', allowedOrigins('GET'));
  app.route('/', api);
  app.route('/api/openapi.json', openapi);
  app.route('/api/stripe/webhook', webhook);
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
