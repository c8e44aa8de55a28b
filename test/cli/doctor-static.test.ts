import { describe, expect, it } from 'vitest';
import { parse } from 'smol-toml';
import { diagnose, troubles, type Diagnosis } from './diagnose.ts';
import { database, useHealthyWorkplace, useWorkplace, workplace } from './use-workplace.ts';
import { fillIn, openWorkplace } from './workplace.ts';

const finding = ({ checks }: Diagnosis, name: string) => checks.find(({ check }) => check === name);

describe('the files alone', () => {
  useWorkplace(fillIn);

  const deployable = () =>
    workplace.configure({
      STRIPE_API_BASE: '',
      AUTH_JWKS_URL: 'https://shop.example.com/keys',
      AUTH_ISSUER: 'https://shop.example.com',
      SIGN_IN_URL: '/sign-in?return_to={return_to}',
      PUBLIC_ORIGIN: 'https://shop.example.com',
    });
  const look = async () =>
    workplace.run(['doctor', '--static', '--json'], { CLOUDFLARE_API_TOKEN: '' });
  const unwell = async () => troubles(JSON.parse((await look()).stdout) as Diagnosis);

  it('are examined without a key, and without a request to anybody', async () => {
    deployable();
    const run = await look();
    expect(run.status).toBe(0);
    expect(workplace.cloudflare.requests).toEqual([]);
    expect(workplace.stripe.requests).toEqual([]);
  });

  it('fail as they come, before anything is filled in', async () => {
    const empty = await openWorkplace();
    const run = await empty.run(['doctor', '--static']);
    await empty.close();
    expect(run.status).toBe(2);
    expect(run.output).toContain('AUTH_JWKS_URL');
  });

  it.each<[string, Record<string, string>, string]>([
    ['a setting that cannot be read', { BRAND_COLOR: 'red' }, 'settings: failure'],
    ['a name that nobody reads', { AUTH_AUDIENZ: 'shop' }, 'settings: warning'],
    [
      'a cookie that stays on another host',
      { AUTH_COOKIE: '__Host-session', SIGN_IN_URL: 'https://app.example.com/in?next={return_to}' },
      'cookie_reach: failure',
    ],
  ])('show %s', async (_what, settings, expected) => {
    deployable();
    workplace.configure(settings);
    expect(await unwell()).toContain(expected);
  });

  it.each([
    ['STRIPE_SECRET_KEY', 'sk_live_0123456789abcdefghijklmn'],
    ['LINK_SECRET', 'a secret of thirty-two characters'],
  ])('show %s in them as a failure, and never its value', async (name, value) => {
    deployable();
    workplace.configure({ [name]: value, LINK_API_KEY: '' });
    // With the list, wrangler itself refuses such a file.
    workplace.edit('wrangler.toml', { secrets: null });
    const { status, output, stdout } = await look();
    expect(status).toBe(2);
    expect(output).not.toContain(value);
    expect(finding(JSON.parse(stdout) as Diagnosis, 'plain_secrets')).toMatchObject({
      outcome: 'failure',
      found: `[vars] of wrangler.toml has ${name} as plain text.`,
      next: expect.stringMatching(
        /Make a new one.*deploy -- --secrets-file \.dev\.vars\.production`/,
      ),
    });
  });

  it('show one in an environment, with how to store it there', async () => {
    workplace.edit('wrangler.toml', { env: { staging: { vars: { AUTH_JWT_SECRET: 'x' } } } });
    const { stdout } = await workplace.run(['doctor', '--static', '--env', 'staging', '--json']);
    expect(finding(JSON.parse(stdout) as Diagnosis, 'plain_secrets')).toMatchObject({
      found: '[env.staging.vars] of wrangler.toml has AUTH_JWT_SECRET as plain text.',
      next: expect.stringContaining('deploy -- --env staging --secrets-file .dev.vars.staging`'),
    });
  });

  it.each([
    [
      'behind [[routes]]',
      (text: string) =>
        `${text}\n[[routes]]\npattern = "shop.example.com/billing*"\nzone_name = "example.com"\nSUPPORT_URL = "https://shop.example.com/help"\n`,
      'SUPPORT_URL is in [routes]',
    ],
    [
      'above all tables',
      (text: string) => `AUTH_COOKIE = "session"\n${text}`,
      'AUTH_COOKIE is in no table',
    ],
    [
      'behind [triggers]',
      (text: string) => text.replace('[triggers]', '[triggers]\nPRICING_URL = "/pricing"'),
      'PRICING_URL is in [triggers]',
    ],
  ])('show a setting that was pasted %s', async (_where, paste, expected) => {
    deployable();
    workplace.write('wrangler.toml', paste(workplace.read('wrangler.toml')));
    const { status, output } = await look();
    expect(status).toBe(2);
    expect(output).toContain(expected);
    expect(output).toContain('Move it into [vars]');
  });

  it('show a second Worker in the file that counts with the first', async () => {
    deployable();
    const { ratelimits } = parse(workplace.read('wrangler.toml')) as { ratelimits: object[] };
    expect(await unwell()).not.toContain('rate_limit_counters: warning');
    workplace.edit('wrangler.toml', { env: { staging: { ratelimits } } } as never);
    const found = finding(JSON.parse((await look()).stdout) as Diagnosis, 'rate_limit_counters')!;
    expect(found.found).toContain('[env.staging]');
  });
});

describe('on this machine', () => {
  useHealthyWorkplace();

  it('names what wrangler passes over in .dev.vars', async () => {
    expect(finding(await diagnose(workplace), 'local_variables')?.outcome).toBe('ok');
    workplace.write('.dev.vars', `${workplace.read('.dev.vars')}\nAUTHJS_SECRET=0123456789\n`);
    const found = finding(await diagnose(workplace), 'local_variables')!;
    expect(found).toMatchObject({
      outcome: 'warning',
      found: expect.stringContaining('AUTHJS_SECRET'),
    });
  });

  it('says which share of the customers is mapped, and by what', async () => {
    const livemode = false;
    const add = async (id: string, subject: string | null, evidence: number | null) =>
      database
        .prepare(
          'insert into customers (id, subject, evidence, livemode, created_at) values (?, ?, ?, ?, ?)',
        )
        .bind(id, subject, evidence, Number(livemode), 0)
        .run();
    expect(finding(await diagnose(workplace), 'database_mapping')?.found).toContain(
      'no customers yet',
    );
    for (let index = 0; index < 12; index += 1) await add(`cus_${index}`, null, null);
    await add('cus_a', 'anna', 70);
    await add('cus_b', 'ben', 80);
    const found = finding(await diagnose(workplace), 'database_mapping')!;
    expect(found.outcome).toBe('warning');
    expect(found.found).toBe(
      '2 of 14 customers have a subject: 1 by the customer’s metadata, 1 by an operator.',
    );
    expect(found.next).toContain('metadata.user_id');
    workplace.configure({ LINK_BY_EMAIL: 'true' });
    expect(finding(await diagnose(workplace), 'database_mapping')?.outcome).toBe('ok');
  });
});
