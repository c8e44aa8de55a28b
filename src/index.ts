import type { PortalLinkEnv } from './config/environment.ts';
import { createApp } from './app.ts';

const app = createApp();

// Where this Worker has a host to itself. On a route of a site, or mounted in another app, `/` is
// theirs and never gets here.
app.get('/', (c) => c.redirect(`/billing${new URL(c.req.url).search}`, 302));

export default {
  fetch: app.fetch,
  scheduled: async ({ scheduledTime }, env) => {
    const { runScheduled } = await import('./scheduled.ts');
    await runScheduled(env, new Date(scheduledTime));
  },
} satisfies ExportedHandler<PortalLinkEnv>;
