import { join } from 'node:path';
import { beforeEach } from 'vitest';
import { useWorkplace, workplace } from './use-workplace.ts';
import { ADDRESS } from './workplace.ts';

/** Begins each test with an app of the operator's own, whose parts it writes itself. */
export function useApp(): void {
  useWorkplace();
  beforeEach(() => {
    workplace.configure({ STRIPE_API_BASE: workplace.origin, PUBLIC_ORIGIN: ADDRESS });
    workplace.edit('wrangler.toml', {
      main: 'worker.ts',
      // An app is bundled by Wrangler.
      no_bundle: null,
      find_additional_modules: null,
      rules: null,
      build: null,
      alias: { 'portal-link': './src/doors/package.ts' },
    });
    workplace.write('worker.ts', `import { app, billing } from './app.js';\n${EXPORT}`);
    workplace.cloudflare.createWorker('portal-link', {
      STRIPE_SECRET_KEY: 'x',
      STRIPE_WEBHOOK_SECRET: 'y',
    });
  });
}

const EXPORT = 'export default { fetch: app.fetch, scheduled: billing.scheduled };\n';
export const MOUNT = `import { Hono } from 'hono';
import { portalLink, type Identity } from 'portal-link';

const someone: Identity = { subject: 'user_1' };
export const billing = portalLink({ identify: () => someone });
export const app = new Hono().route('/', billing.app);
`;

export const folder = () => join(workplace.directory, 'app');
