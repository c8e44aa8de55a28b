// What the compiler says of hosts. `npm run check` reads it; nothing runs it.
import { Hono } from 'hono';
import { portalLink, type PortalLinkEnv } from '../src/doors/package.ts';

type Complete = { Bindings: PortalLinkEnv & { THEIRS: string }; Variables: { userId: string } };
type WithoutDatabase = { Bindings: Omit<PortalLinkEnv, 'DB'>; Variables: { userId: string } };
type WithoutKey = { Bindings: { DB: D1Database; STRIPE_WEBHOOK_SECRET: string } };
type Generated = { Bindings: Env };

const billing = portalLink<Complete>({ identify: (c) => ({ subject: c.var.userId }) });
export const app = new Hono<Complete>().route('/', billing.app);
export const worker: ExportedHandler<Complete['Bindings']> = {
  fetch: app.fetch,
  scheduled: billing.scheduled,
};

// The types that `wrangler types` writes for our own wrangler.toml fit, too.
portalLink<Generated>({ identify: () => undefined });

// @ts-expect-error -- no DB
portalLink<WithoutDatabase>({ identify: (c) => ({ subject: c.var.userId }) });
// @ts-expect-error -- no STRIPE_SECRET_KEY
portalLink<WithoutKey>({ identify: () => undefined });
// @ts-expect-error -- `scheduled` needs the same
export const cron: ExportedHandler<WithoutKey['Bindings']> = { scheduled: billing.scheduled };
// @ts-expect-error -- no subject
portalLink({ identify: () => ({ email: 'ada@example.com' }) });
