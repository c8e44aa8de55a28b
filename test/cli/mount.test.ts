import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADDRESS, openWorkplace, type Workplace } from './workplace.ts';

let workplace: Workplace;
beforeEach(async () => {
  workplace = await openWorkplace();
  workplace.configure({ STRIPE_API_BASE: workplace.origin, PUBLIC_ORIGIN: ADDRESS });
  workplace.edit('wrangler.toml', {
    main: 'worker.ts',
    alias: { 'portal-link': './src/package.ts' },
  });
  workplace.write('worker.ts', `import { app, billing } from './app.js';\n${EXPORT}`);
  workplace.cloudflare.createWorker('portal-link', {
    STRIPE_SECRET_KEY: 'x',
    STRIPE_WEBHOOK_SECRET: 'y',
  });
});
afterEach(async () => workplace.close());

const EXPORT = 'export default { fetch: app.fetch, scheduled: billing.scheduled };\n';
const MOUNT = `import { Hono } from 'hono';
import { portalLink, type Identity } from 'portal-link';

const someone: Identity = { subject: 'user_1' };
export const billing = portalLink({ identify: () => someone });
export const app = new Hono().route('/', billing.app);
`;
const NO_MOUNT = `import worker from 'portal-link';
// import { portalLink } from 'portal-link';
export const [app, billing] = [worker, worker];
`;

describe('deploy, without a setting that says who asks', () => {
  it('uploads an app that has portal-link mounted, and applies the migrations', async () => {
    workplace.write('app.ts', MOUNT);
    const run = await workplace.run(['deploy']);
    expect(run.output).not.toContain('would answer nobody');
    expect(run.status).toBe(0);
    expect(workplace.cloudflare.scripts.get('portal-link')?.deployed).toBe(true);
  });

  it('refuses one whose other settings the Worker cannot read', async () => {
    workplace.write('app.ts', MOUNT);
    workplace.configure({ BRAND_COLOR: 'mauve' });
    const run = await workplace.run(['deploy']);
    expect([run.status, run.output]).toEqual([2, expect.stringContaining('BRAND_COLOR')]);
  });

  it('refuses a Worker of portal-link’s own', async () => {
    workplace.write('app.ts', NO_MOUNT);
    const run = await workplace.run(['deploy']);
    expect([run.status, run.output]).toEqual([2, expect.stringContaining('would answer nobody')]);
  });
});

describe('setup and doctor', () => {
  const setup = async (how: '--yes' | '--dry-run') =>
    workplace.run(['setup', '--remote', how], { STRIPE_SECRET_KEY: workplace.key });

  it('ask a mount for no way to sign in', async () => {
    workplace.write('app.ts', MOUNT);
    const run = await setup('--dry-run');
    expect(run.output).not.toContain('No setting says how people sign in');
    expect(run.status).toBe(0);
    const doctor = await workplace.run(['doctor', '--remote', '--json'], {
      STRIPE_SECRET_KEY: workplace.key,
    });
    const { checks } = JSON.parse(doctor.stdout) as { checks: { check: string }[] };
    expect(checks.find(({ check }) => check === 'identity_keys')).toMatchObject({
      outcome: 'ok',
      found: expect.stringContaining('the app says who a visitor is'),
    });
  });

  it('ask a Worker of portal-link’s own for one', async () => {
    workplace.write('app.ts', NO_MOUNT);
    const run = await setup('--yes');
    expect([run.status, run.output]).toEqual([
      2,
      expect.stringContaining('No setting says how people sign in'),
    ]);
  });
});
