import { describe, expect, it } from 'vitest';
import { parse, type TomlTable } from 'smol-toml';
import { readFileSync } from 'node:fs';
import { namespaceId } from '../../src/cli/rate-limits.ts';
import { runDoctor } from '../../src/cli/doctor/run.ts';
import { diagnose, type Diagnosis } from './diagnose.ts';
import { useWorkplace, workplace } from './use-workplace.ts';
import { ADDRESS, fillIn } from './workplace.ts';

useWorkplace(fillIn);

const secrets = { STRIPE_SECRET_KEY: 'x', STRIPE_WEBHOOK_SECRET: 'y' };
const finding = ({ checks }: Diagnosis, name: string) =>
  checks.find(({ check }) => check === name)!;
const look = async (name: string) => finding(await diagnose(workplace, { remote: true }), name);
const required = ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'];

describe('a Worker without PUBLIC_ORIGIN', () => {
  const needs: [string, () => unknown, string][] = [
    [
      'with a stored LINK_SECRET',
      () => workplace.cloudflare.createWorker('portal-link', { ...secrets, LINK_SECRET: 'z' }),
      'LINK_SECRET',
    ],
    [
      'that requires LINK_API_KEY',
      () =>
        workplace.edit('wrangler.toml', { secrets: { required: [...required, 'LINK_API_KEY'] } }),
      'LINK_API_KEY',
    ],
    [
      'that sends mails',
      () => workplace.edit('wrangler.toml', { send_email: [{ name: 'EMAIL' }] }),
      'the binding EMAIL',
    ],
  ];

  it.each(needs)('%s is not deployed', async (_what, make, reason) => {
    make();
    const run = await workplace.run(['deploy']);
    expect(run.status).toBe(2);
    expect(run.output).toContain(`PUBLIC_ORIGIN is not set, and this Worker has ${reason}`);
    expect(run.output).toContain('npm run setup -- --remote');
    expect(workplace.cloudflare.requests.filter((line) => !line.startsWith('GET'))).toEqual([]);
  });

  it('that signs people in is not deployed', async () => {
    workplace.configure({ AUTH_CLIENT_ID: 'portal-link' });
    const run = await workplace.run(['deploy']);
    expect(run.status).toBe(2);
    expect(run.output).toContain('PUBLIC_ORIGIN: set it to this Worker’s own origin');
    expect(workplace.cloudflare.requests.filter((line) => !line.startsWith('GET'))).toEqual([]);
  });

  it.each([
    ['https://billing.example.com/', 'no path, no slash'],
    ['http://billing.example.com', 'own origin'],
    ['http://localhost:8787', 'not on this machine'],
    ['billing.example.com', 'own origin'],
  ])('is not deployed with the unusable %s either', async (origin, reason) => {
    workplace.configure({ PUBLIC_ORIGIN: origin });
    const run = await workplace.run(['deploy']);
    expect(run.status).toBe(2);
    expect(run.output).toContain(reason);
    expect(workplace.cloudflare.requests.filter((line) => !line.startsWith('GET'))).toEqual([]);
  });

  it.each(needs)('%s is a failure for doctor', async (_what, make, reason) => {
    workplace.cloudflare.createWorker('portal-link', secrets);
    make();
    expect(await look('public_origin')).toMatchObject({
      outcome: 'failure',
      found: expect.stringContaining(reason),
    });
    workplace.configure({ PUBLIC_ORIGIN: ADDRESS });
    expect(await look('public_origin')).toMatchObject({ outcome: 'ok' });
  });

  it('that does neither gets a warning from doctor: plain http is refused', async () => {
    workplace.cloudflare.createWorker('portal-link', secrets);
    expect(await look('public_origin')).toMatchObject({ outcome: 'warning' });
  });

  it('says so itself, and doctor hands it on', async () => {
    workplace.cloudflare.createWorker('portal-link', secrets);
    workplace.answerHealth({
      status: 'ok',
      problems: [{ key: 'PUBLIC_ORIGIN', remedy: 'set it to the https origin.' }],
    });
    const diagnosis = await diagnose(workplace, { remote: true, url: ADDRESS });
    expect(finding(diagnosis, 'deployment_health')).toMatchObject({
      outcome: 'failure',
      next: 'PUBLIC_ORIGIN: set it to the https origin.',
    });
  });
});

describe('setup of a deployed Worker', () => {
  const dryRun = async (...more: string[]) =>
    workplace.run(['setup', '--remote', '--dry-run', ...more], {
      STRIPE_SECRET_KEY: workplace.key,
    });

  it('sets PUBLIC_ORIGIN to the address, without its path', async () => {
    const { output } = await dryRun('--url', `${ADDRESS}/billing`);
    expect(output).toContain(`Would: Set PUBLIC_ORIGIN to ${ADDRESS} in [vars] of wrangler.toml`);
  });

  it('keeps a PUBLIC_ORIGIN that is set', async () => {
    workplace.configure({ PUBLIC_ORIGIN: 'https://shop.example.com' });
    expect((await dryRun('--url', ADDRESS)).output).not.toContain('Set PUBLIC_ORIGIN');
  });

  it.each([
    ['http://billing.example.com', /--url: use https/],
    ['http://localhost:8787', /--url: a deployed Worker is not on this machine/],
    ['https://name:pass@billing.example.com', /--url: use https/],
    ['billing.example.com', /--url: write an address/],
  ])('does not take %s for its address', async (url, message) => {
    expect(await dryRun('--url', url)).toMatchObject({
      status: 2,
      output: expect.stringMatching(message),
    });
  });
});

describe('secrets handed to setup', () => {
  const LINK_SECRET = 'a secret of thirty-two characters';
  const given = (value = LINK_SECRET) => ({
    STRIPE_SECRET_KEY: workplace.key,
    LINK_SECRET: value,
  });
  const dryRun = async (value?: string) =>
    workplace.run(['setup', '--remote', '--dry-run', '--url', ADDRESS], given(value));

  it('replace those that the Worker has, and say what ends by it', async () => {
    workplace.cloudflare.createWorker('portal-link', { ...secrets, LINK_SECRET: 'the old one' });
    const { output } = await dryRun(`${LINK_SECRET},the one before that had thirty-two`);
    expect(output).toMatch(
      /Would: Replace LINK_SECRET in the secrets of portal-link\. What an earlier/,
    );
  });

  it('are refused before the first change if the Worker could not use them', async () => {
    const run = await dryRun('too short');
    expect(run).toMatchObject({ status: 2 });
    expect(run.output).toMatch(/LINK_SECRET: use at least 32 characters/);
  });
});

describe('a Worker that signs people in', () => {
  const signsIn = { AUTH_CLIENT_ID: 'portal-link', PUBLIC_ORIGIN: ADDRESS, SIGN_IN_URL: '' };
  const setup = async () =>
    workplace.run(['setup', '--remote', '--dry-run'], { STRIPE_SECRET_KEY: workplace.key });

  it('gets a secret to seal sessions with from setup, once', async () => {
    workplace.configure(signsIn);
    expect((await setup()).output).toContain('Would: Store a new LINK_SECRET in the secrets of');
    workplace.cloudflare.createWorker('portal-link', { ...secrets, LINK_SECRET: 'z' });
    expect((await setup()).output).not.toContain('a new LINK_SECRET');
  });

  it('is a failure for doctor without it', async () => {
    workplace.configure(signsIn);
    workplace.cloudflare.createWorker('portal-link', secrets);
    expect(await look('secrets')).toMatchObject({
      outcome: 'failure',
      found: 'LINK_SECRET is not stored.',
    });
  });
});

describe('counters of rate limits', () => {
  const limits = (text: string) => parse(text)['ratelimits'] as TomlTable[];

  it('have ids of one function in wrangler.toml', () => {
    for (const { name, namespace_id: id } of limits(
      readFileSync('test/as-it-comes/wrangler.toml', 'utf8'),
    )) {
      expect(id).toBe(namespaceId('portal-link', name as string));
    }
  });

  it('are shared with no other Worker of the account, or doctor names it', async () => {
    const { cloudflare } = workplace;
    cloudflare.createWorker('portal-link', secrets);
    const bindings = limits(workplace.read('wrangler.toml')).map(({ name, namespace_id: id }) => ({
      name: name as string,
      type: 'ratelimit',
      namespace_id: id as string,
    }));
    const [first] = bindings;
    for (let index = 0; index < 25; index += 1) cloudflare.createWorker(`site-${index}`);
    expect(await look('rate_limit_counters')).toMatchObject({ outcome: 'ok' });
    cloudflare.createWorker('clone', {}, [{ ...first!, name: 'OTHER' }]);
    const shared = await look('rate_limit_counters');
    expect(shared).toMatchObject({
      outcome: 'warning',
      found: `Shared: ${first!.name} with clone (${first!.namespace_id}).`,
    });
    const [, free] = /= "(\d+)"/.exec(shared.next!)!;
    expect(bindings.map(({ namespace_id: id }) => id)).not.toContain(free);
  });

  it('are two where a Worker has two limits', async () => {
    const [first, second, ...others] = limits(workplace.read('wrangler.toml'));
    const same = { ...second, namespace_id: first!['namespace_id']! };
    workplace.edit('wrangler.toml', { ratelimits: [first!, same, ...others] });
    expect(finding(await diagnose(workplace), 'rate_limit_counters')).toMatchObject({
      outcome: 'warning',
    });
  });

  it('are looked up with what the token may read', async () => {
    workplace.cloudflare.createWorker('portal-link', secrets);
    workplace.cloudflare.failing = /^GET \/workers\/scripts$/;
    expect(await look('rate_limit_counters')).toMatchObject({ outcome: 'skipped' });
  });
});

describe('the way to a key set', () => {
  it.each([
    ['https://example.com/jwks.json', 'warning'],
    ['https://auth.example.com/jwks.json', 'warning'],
    ['https://billing.example.com/jwks.json', 'warning'],
    ['https://login.example.net/jwks.json', 'ok'],
    ['https://shop.eu.auth0.com/jwks.json', 'ok'],
  ])('to %s in the zone of example.com: %s', async (url, outcome) => {
    workplace.cloudflare.createWorker('portal-link', secrets);
    workplace.configure({ AUTH_JWKS_URL: url, PUBLIC_ORIGIN: ADDRESS });
    expect(await look('identity_reach')).toMatchObject({ outcome: 'ok' });
    workplace.edit('wrangler.toml', { compatibility_flags: null });
    expect(await look('identity_reach')).toMatchObject({ outcome });
  });

  it('counts that of a provider whose discovery document names the key set', async () => {
    workplace.cloudflare.createWorker('portal-link', { ...secrets, LINK_SECRET: 'z' });
    workplace.configure({
      AUTH_JWKS_URL: '',
      AUTH_ISSUER: 'https://id.example.com',
      AUTH_CLIENT_ID: 'portal-link',
      PUBLIC_ORIGIN: ADDRESS,
      SIGN_IN_URL: '',
    });
    workplace.edit('wrangler.toml', { compatibility_flags: null });
    expect(await look('identity_reach')).toMatchObject({ outcome: 'warning' });
  });

  it('is not distinguished by the account’s part of a shared domain', async () => {
    workplace.cloudflare.createWorker('portal-link', secrets);
    workplace.edit('wrangler.toml', { compatibility_flags: null });
    const at = async (keys: string, origin: string) => {
      workplace.configure({ AUTH_JWKS_URL: keys, PUBLIC_ORIGIN: origin });
      return (await look('identity_reach')).outcome;
    };
    expect(await at('https://a.workers.dev/jwks', 'https://portal.b.workers.dev')).toBe('ok');
    expect(await at('https://site.b.workers.dev/jwks', 'https://portal.b.workers.dev')).toBe(
      'warning',
    );
    expect(await at('https://a.co.uk/jwks', 'https://b.co.uk')).toBe('ok');
    expect(await at('https://www.b.co.uk/jwks', 'https://b.co.uk')).toBe('warning');
  });
});

it('is examined with a key that only reads', async () => {
  workplace.cloudflare.createWorker('portal-link', secrets);
  const { permissions } = workplace.stripe.state.keys.get(workplace.key)!;
  permissions!.delete('rak_customer_portal_write');
  const { shell, printed } = workplace.createShell({ STRIPE_SECRET_KEY: workplace.key });
  await runDoctor(shell, { remote: true, json: true });
  const found = finding(JSON.parse(printed.stdout) as Diagnosis, 'stripe_permissions');
  expect(found).toMatchObject({ outcome: 'warning', found: expect.stringContaining('only reads') });
});

it('is recognised on a route of the site’s host, and as a release before 0.2.0', async () => {
  workplace.cloudflare.createWorker('portal-link', secrets);
  const health = async () => {
    const { shell, printed } = workplace.createShell();
    await runDoctor(shell, { remote: true, json: true, url: ADDRESS });
    return finding(JSON.parse(printed.stdout) as Diagnosis, 'deployment_health');
  };
  expect(await health()).toMatchObject({ outcome: 'ok' });
  workplace.answerAsBefore();
  expect(await health()).toMatchObject({ outcome: 'ok' });
});
