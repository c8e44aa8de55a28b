import { parse, type TomlTable } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { diagnose, troubles } from './diagnose.ts';
import { useHealthyWorkplace, workplace } from './use-workplace.ts';
import { configure, expectNamed, rewrite, type Fault } from './doctor-faults.ts';

useHealthyWorkplace();

function limitWebhooks(limit: number): void {
  const { ratelimits } = parse(workplace.read('wrangler.toml')) as { ratelimits: TomlTable[] };
  const webhooks = ratelimits.find(({ name }) => name === 'WEBHOOK_LIMIT')!;
  webhooks['simple'] = { limit, period: 60 };
  workplace.edit('wrangler.toml', { ratelimits });
}

const faults: Fault[] = [
  [
    'no cron job',
    () => workplace.edit('wrangler.toml', { triggers: null }),
    'worker_config: failure',
  ],
  [
    'no list of secrets',
    () => workplace.edit('wrangler.toml', { secrets: null }),
    'worker_config: warning',
  ],
  [
    'no database',
    () => workplace.edit('wrangler.toml', { d1_databases: null }),
    'worker_config: failure',
  ],
  [
    'no rate limits',
    () => workplace.edit('wrangler.toml', { ratelimits: null }),
    'rate_limits: warning',
  ],
  [
    'the limit of webhooks that earlier clones have',
    () => limitWebhooks(100),
    'rate_limits: warning',
  ],
  [
    'the binding for mails alone',
    () => workplace.edit('wrangler.toml', { send_email: [{ name: 'EMAIL' }] }),
    'email_sign_in: failure',
  ],
  [
    'a sender without a binding for mails',
    () => {
      workplace.configure({ EMAIL_FROM: 'billing@example.com' });
      rewrite('LINK_SECRET', 'a secret for links'.repeat(2));
      const required = ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET', 'LINK_SECRET'];
      workplace.edit('wrangler.toml', { secrets: { required } });
    },
    'email_sign_in: warning',
  ],
  ['a setting that cannot be read', configure({ BRAND_COLOR: 'red' }), 'settings: failure'],
  [
    'a setting that nobody reads',
    configure({ SIGNIN_URL: 'https://example.com' }),
    'settings: warning',
  ],
  [
    'a login link as the help page',
    configure({ SUPPORT_URL: 'https://billing.stripe.com/p/login/test_abc' }),
    'login_link: failure',
  ],
  [
    'a kept session URL',
    configure({ PRICING_URL: 'https://billing.stripe.com/p/session/test_abc' }),
    'login_link: failure',
  ],
  ['no sign-in page', configure({ SIGN_IN_URL: '' }), 'sign_in_url: warning'],
  [
    'a sign-in page without a way back',
    configure({ SIGN_IN_URL: 'https://example.com/in' }),
    'sign_in_url: warning',
  ],
  [
    'a sign-in page that is the link itself',
    configure({ SIGN_IN_URL: '/billing/manage' }),
    'sign_in_url: failure',
  ],
  [
    'a sign-in page over http',
    configure({ SIGN_IN_URL: 'http://example.com/in' }),
    'sign_in_url: failure',
  ],
  [
    'an allowed origin with a path',
    configure({ ALLOWED_ORIGINS: 'https://a.example/b' }),
    'allowed_origins: failure',
  ],
  [
    'a public origin with a slash',
    configure({ PUBLIC_ORIGIN: 'https://a.example/' }),
    'public_origin: failure',
  ],
  [
    'no way to verify tokens',
    configure({ AUTH_JWKS_URL: '', AUTH_ISSUER: '' }),
    'identity_keys: failure',
  ],
  ['no issuer', configure({ AUTH_ISSUER: '' }), 'identity_keys: failure'],
  [
    'a key set that is not there',
    () => workplace.configure({ AUTH_JWKS_URL: `${workplace.origin}/nowhere` }),
    'identity_keys: failure',
  ],
  [
    'a key set that cannot be reached',
    configure({ AUTH_JWKS_URL: 'http://127.0.0.1:9/jwks.json' }),
    'identity_keys: failure',
  ],
  ['no audience', configure({ AUTH_AUDIENCE: '' }), 'identity_audience: warning'],
  [
    'no parties for access tokens',
    configure({ AUTH_ISSUER: 'https://shop.eu.auth0.com/' }),
    'identity_parties: warning',
  ],
  ['no cookie', configure({ AUTH_COOKIE: '' }), 'identity_cookie: warning'],
  ['a cookie that cannot be', configure({ AUTH_COOKIE: 'my cookie' }), 'identity_cookie: warning'],
];

it('finds nothing wrong where nothing is', async () => {
  const diagnosis = await diagnose(workplace);
  expect(diagnosis.checks.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
  expect(diagnosis.status).toBe(0);
});

describe('names a single fault, and only it', () => {
  it.each(faults)('%s', async (_what, make, found) => expectNamed(make, found));

  it('nothing in a missing audience of Clerk’s sessions, which have none', async () => {
    workplace.configure({ AUTH_AUDIENCE: '', AUTH_ISSUER: 'https://clerk.example.com' });
    expect(troubles(await diagnose(workplace))).toEqual([]);
  });

  it('nothing in a missing audience of the site’s own tokens', async () => {
    workplace.configure({ AUTH_AUDIENCE: '', AUTH_ISSUER: '', AUTH_JWKS_URL: '' });
    workplace.edit('wrangler.toml', {
      secrets: { required: ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET', 'AUTH_JWT_SECRET'] },
    });
    rewrite('AUTH_JWT_SECRET', 'a secret of thirty-two characters');
    expect(troubles(await diagnose(workplace))).toEqual([]);
  });

  it('nothing where people come by signed links alone', async () => {
    workplace.configure({ AUTH_JWKS_URL: '', AUTH_ISSUER: '', AUTH_COOKIE: '' });
    workplace.edit('wrangler.toml', {
      secrets: { required: ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET', 'LINK_SECRET'] },
    });
    rewrite('LINK_SECRET', 'a secret of thirty-two characters');
    expect(troubles(await diagnose(workplace))).toEqual([]);
  });

  it('nothing where people sign in by e-mail alone', async () => {
    const none = { AUTH_JWKS_URL: '', AUTH_ISSUER: '', AUTH_COOKIE: '', SIGN_IN_URL: '' };
    workplace.configure({ ...none, EMAIL_FROM: 'billing@example.com' });
    workplace.edit('wrangler.toml', {
      send_email: [{ name: 'EMAIL' }],
      secrets: { required: ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET', 'LINK_SECRET'] },
    });
    rewrite('LINK_SECRET', 'a secret of thirty-two characters');
    expect(troubles(await diagnose(workplace))).toEqual([]);
    workplace.edit('wrangler.toml', { send_email: null });
    workplace.configure({ EMAIL_FROM: '' });
    expect(troubles(await diagnose(workplace))).toEqual(['sign_in_url: warning']);
  });

  it('a list of secrets, to which those of an app around us belong', async () => {
    workplace.edit('wrangler.toml', { secrets: null });
    const { checks } = await diagnose(workplace);
    const { next } = checks.find(({ check }) => check === 'worker_config')!;
    expect(next).toContain(
      'Add [secrets] with required = ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"]. Name all other',
    );
    workplace.edit('wrangler.toml', { secrets: { required: [] } });
    const again = (await diagnose(workplace)).checks.find(
      ({ check }) => check === 'worker_config',
    )!;
    expect(again.outcome).toBe('failure');
    expect(again.next).not.toContain('Name all other secrets');
  });

  it('up to 8 webhooks at once, and the entry for more', async () => {
    const look = async () =>
      (await diagnose(workplace)).checks.find(({ check }) => check === 'rate_limits')!;
    limitWebhooks(8);
    expect(await look()).toMatchObject({ outcome: 'ok' });
    limitWebhooks(9);
    expect((await look()).next).toBe(
      'Write limit = 2 into "simple" of WEBHOOK_LIMIT, in [[ratelimits]].',
    );
  });
});
