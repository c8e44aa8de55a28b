import { describe, expect, it } from 'vitest';
import { failureMessage } from '../../src/cli/failure.ts';
import type { SetupOptions } from '../../src/cli/setup/options.ts';
import { setUp } from './diagnose.ts';
import { useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { fillIn, LIVE_KEY } from './workplace.ts';

useWorkplaceWithD1();

const writes = (from: number) =>
  workplace.stripe.requests.slice(from).filter(({ method }) => method !== 'GET');
const filesNow = () => ['wrangler.toml', 'portal.toml'].map(workplace.read);

describe('ends with one clear message and nothing half done', () => {
  /** What setup with this key says in the end. */
  const lastWords = async (secretKey: string | undefined, options: SetupOptions = {}) => {
    if (secretKey) workplace.write('.dev.vars', `STRIPE_SECRET_KEY=${secretKey}\n`);
    const files = filesNow();
    const words = await setUp(workplace, options).then(() => 'all went well', failureMessage);
    expect(writes(0)).toEqual([]);
    expect(filesNow()).toEqual(files);
    return words;
  };

  it.each([
    ['no key', undefined, /STRIPE_SECRET_KEY is missing.*dashboard.stripe.com/],
    ['a publishable key', 'pk_test_00000000', /publishable key \(pk_…\) cannot open/],
    ['a wrong key', 'rk_test_00000000', /stripe_key_refused/],
    ['a live key that nobody named', LIVE_KEY, /live key.*--live/],
  ])('%s', async (_what, secretKey, message) => {
    fillIn(workplace);
    expect(await lastWords(secretKey)).toMatch(message);
  });

  it('a live key for another Stripe', async () => {
    fillIn(workplace);
    expect(await lastWords(LIVE_KEY, { live: true })).toMatch(/only ever sent to Stripe/);
    expect(workplace.stripe.requests).toEqual([]);
  });

  it('no network', async () => {
    workplace.configure({ STRIPE_API_BASE: 'http://127.0.0.1:9' });
    expect(await lastWords(workplace.key)).toMatch(/stripe_unreachable/);
  });

  it('an environment that cannot be', async () => {
    expect(await lastWords(undefined, { env: '--live' })).toMatch(/--env: use lowercase letters/);
  });

  it('an address that is none', async () => {
    expect(await lastWords(workplace.key, { url: 'billing' })).toMatch(/--url: write an address/);
  });

  it.each([
    ['a mistake in its TOML', 'business_profile = [', /portal.toml, line \d+/],
    ['a feature that is none', '[features.teleport]\nenabled = true', /cannot be used.*teleport/],
  ])('portal.toml with %s', async (_what, addition, message) => {
    workplace.write('portal.toml', `${workplace.read('portal.toml')}\n${addition}\n`);
    expect(await lastWords(workplace.key)).toMatch(message);
  });

  it.each([
    ['always_invoice', 'immediately', /proration_behavior: use "none" or "create_prorations"/],
    ['create_prorations', 'at_period_end', /proration_behavior: .*set mode = "immediately"/],
  ])('portal.toml with %s for who cancels %s', async (proration, mode, message) => {
    workplace.edit('portal.toml', {
      features: { subscription_cancel: { proration_behavior: proration, mode } },
    });
    expect(await lastWords(workplace.key)).toMatch(message);
  });

  it('a wrangler.toml that cannot be read', async () => {
    workplace.write('wrangler.toml', 'name = ');
    expect(await lastWords(workplace.key)).toMatch(/wrangler.toml/);
  });

  it('prints it as one line, without a stack', async () => {
    fillIn(workplace);
    const run = await workplace.run(['setup', '--yes'], { STRIPE_SECRET_KEY: 'rk_test_00000000' });
    expect(run.status).toBe(2);
    expect(run.output.trim().split('\n')).toEqual([
      expect.stringMatching(/^✗ .*stripe_key_refused/),
    ]);
  });

  it('needs a terminal to ask', async () => {
    const run = await workplace.run(['setup']);
    expect(run.status).toBe(2);
    expect(run.output).toMatch(/^✗ Not an interactive terminal.*--yes.*--dry-run/);
  });

  it('refuses an unknown option', async () => {
    expect(await workplace.run(['setup', '--force'])).toMatchObject({ status: 2 });
  });
});
