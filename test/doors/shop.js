// A shop in Hono that signs people in by Better Auth, with routes and an error handler of its own.
import { betterAuth } from 'better-auth';
import { admin } from 'better-auth/plugins';
import { memoryAdapter } from '@better-auth/memory-adapter';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { portalLink } from 'portal-link';

const tables = { user: [], session: [], account: [], verification: [] };
const auth = betterAuth({
  baseURL: 'http://localhost',
  trustedOrigins: ['http://localhost:*'],
  secret: 'the secret of the site that signs people in',
  database: memoryAdapter(tables),
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
  plugins: [admin()],
  databaseHooks: {
    user: {
      create: {
        before: async (user) => ({
          data: { ...user, role: user.email === 'admin@example.com' ? 'admin' : 'user' },
        }),
      },
    },
  },
});

const billing = portalLink({
  identify: async (c) => {
    const found = await auth.api.getSession({ headers: c.req.raw.headers });
    if (!found) return undefined;
    const { id: subject, email, emailVerified } = found.user;
    return { subject, email, emailVerified, impersonatedBy: found.session.impersonatedBy };
  },
});

const app = new Hono();
app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'self'"] } }));
app.on(['GET', 'POST'], '/api/auth/*', (c) => auth.handler(c.req.raw));
app.route('/', billing.app);
app.get('/', (c) => c.text('the shop'));
app.get('/broken', () => {
  throw new Error('of the shop');
});
app.onError((error, c) => c.text(`the shop’s own: ${error.message}`, 418));
app.notFound((c) => c.text('the shop has no such page', 404));

let reports = 0;
app.get('/reports', (c) => c.text(`${reports}`));

export default {
  fetch: app.fetch,
  scheduled: (controller, env) =>
    controller.cron === '*/5 * * * *' ? billing.scheduled(controller, env) : void (reports += 1),
};
