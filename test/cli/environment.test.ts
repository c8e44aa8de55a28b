import { readFileSync } from 'node:fs';
import { parse, type TomlTable } from 'smol-toml';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDialogue } from '../../src/cli/dialogue.ts';
import { settleEnvironment } from '../../src/cli/setup/environment.ts';
import { lackingIn } from '../../src/cli/setup/own-bindings.ts';
import { setInConfigFile } from '../../src/cli/config-file/edit.ts';
import { readTarget } from '../../src/cli/target.ts';
import { useWorkplace, workplace } from './use-workplace.ts';
import { fillIn } from './workplace.ts';

useWorkplace();

const config = () => parse(workplace.read('wrangler.toml'));
const environment = (name: string) => (config()['env'] as TomlTable)[name] as TomlTable;

describe('setup --env', () => {
  const add = async (name: string, options = { yes: true, dryRun: false }) => {
    const { shell, printed } = workplace.createShell();
    const settled = await settleEnvironment(shell.directory, name, createDialogue(shell, options));
    return { settled, ...printed };
  };

  it('adds the environment after the model of the top level, and leaves the rest as it is', async () => {
    workplace.configure({
      AUTH_ISSUER: 'https://login.example',
      PUBLIC_ORIGIN: 'https://a.example',
    });
    workplace.edit('wrangler.toml', { send_email: [{ name: 'EMAIL' }] });
    workplace.write('wrangler.toml', `# A comment.\n${workplace.read('wrangler.toml')}`);
    const before = workplace.read('wrangler.toml');
    expect((await add('staging')).settled).toBe('added');
    expect(workplace.read('wrangler.toml').startsWith(before.trimEnd())).toBe(true);

    const top = config();
    const { d1_databases, ratelimits, vars, ...others } = environment('staging');
    expect(others).toEqual({ secrets: top['secrets'], send_email: [{ name: 'EMAIL' }] });
    expect(d1_databases).toEqual([
      { binding: 'DB', database_name: 'portal-link-staging', migrations_dir: 'migrations' },
    ]);
    expect(vars).toEqual({ ...(top['vars'] as TomlTable), PUBLIC_ORIGIN: '' });
    const limits = [top['ratelimits'], ratelimits] as TomlTable[][];
    const [names, own] = limits.map((list) => list.map(({ namespace_id: _, ...limit }) => limit));
    expect(own).toEqual(names);
    const ids = limits.flat().map(({ namespace_id: id }) => id);
    expect(new Set(ids).size).toBe(10);
  });

  it('makes a Worker that wrangler and the commands find', async () => {
    await add('staging');
    const target = readTarget(workplace.directory, {}, { env: 'staging' });
    expect(target).toMatchObject({
      place: 'remote',
      workerName: 'portal-link-staging',
      databaseName: 'portal-link-staging',
      crons: ['*/5 * * * *'],
    });
    expect((await add('staging')).settled).toBe('there');
  });

  it('shares no counter between three Workers', async () => {
    await add('staging');
    await add('preview');
    const ids = ['staging', 'preview'].flatMap((name) =>
      (environment(name)['ratelimits'] as TomlTable[]).map(({ namespace_id: id }) => id),
    );
    expect(new Set(ids).size).toBe(10);
  });

  it('takes over no address and no database of the top level', async () => {
    workplace.edit('wrangler.toml', {
      routes: [{ pattern: 'billing.example.com', custom_domain: true }],
      d1_databases: [{ binding: 'DB', database_name: 'billing', database_id: 'an-id' }],
    });
    await add('staging');
    expect(environment('staging')).toMatchObject({ routes: [] });
    expect(environment('staging')['d1_databases']).toEqual([
      { binding: 'DB', database_name: 'billing-staging' },
    ]);
    workplace.edit('wrangler.toml', { routes: null, route: 'billing.example.com/*' });
    await expect(add('preview')).rejects.toThrow('routes = [');
  });

  it('shows the change in a dry run and makes none', async () => {
    fillIn(workplace);
    const before = workplace.read('wrangler.toml');
    const given = { STRIPE_SECRET_KEY: workplace.key };
    const run = await workplace.run(['setup', '--env', 'staging', '--dry-run'], given);
    expect(run.output).toContain('Would: Add [env.staging]');
    expect(workplace.read('wrangler.toml')).toBe(before);
    expect(workplace.cloudflare.requests.filter((line) => !line.startsWith('GET'))).toEqual([]);
    expect(workplace.stripe.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  describe('for an app with portal-link mounted', () => {
    const setUp = async (...words: string[]) =>
      workplace.run(
        ['setup', '--env', 'staging', '--url', 'https://staging.example.com', ...words],
        {
          STRIPE_SECRET_KEY: workplace.key,
        },
      );
    const isDeployed = () => workplace.cloudflare.scripts.get('portal-link-staging')?.deployed;
    const first = <T>(given: unknown) => (given as T[])[0]!;
    beforeEach(() => {
      fillIn(workplace);
      const { ratelimits, d1_databases } = config();
      workplace.edit('wrangler.toml', {
        main: 'worker.ts',
        alias: { 'portal-link': './src/doors/package.ts' },
        d1_databases: [
          ...(d1_databases as TomlTable[]),
          { binding: 'APP_DB', database_name: 'app', database_id: 'an-id' },
        ],
        ratelimits: [
          ...(ratelimits as TomlTable[]),
          { ...first<TomlTable>(ratelimits), name: 'APP_LIMIT', namespace_id: '7' },
        ],
        kv_namespaces: [{ binding: 'CACHE', id: '0123456789abcdef0123456789abcdef' }],
        queues: { producers: [{ binding: 'MAILS', queue: 'mails' }] },
        vars: { GREETING: 'hello' },
      });
      workplace.write(
        'worker.ts',
        "import { portalLink } from 'portal-link';\nconst billing = portalLink({ identify: () => null });\nexport default { fetch: billing.app.fetch, scheduled: billing.scheduled };\n",
      );
    });

    it('adds what is portal-link’s, names the rest, and leaves the deploy to the operator', async () => {
      const { status, output } = await setUp('--yes');
      expect(output).toMatch(
        /Still to do:\n[^]*- \[env\.staging\] of wrangler\.toml lacks .*: d1_databases \(APP_DB\), kv_namespaces \(CACHE\), queues \(MAILS\), ratelimits \(APP_LIMIT\), vars \(GREETING\)\..*npm run deploy -- --env staging/,
      );
      expect([status, isDeployed()]).toEqual([0, false]);
      const { d1_databases, ratelimits, vars } = environment('staging');
      expect(d1_databases).toMatchObject([{ database_name: 'portal-link-staging' }]);
      expect(ratelimits).toHaveLength(5);
      expect(vars).not.toHaveProperty('GREETING');
    });

    it('says what an environment that was there lacks, which may be on purpose, and deploys', async () => {
      await setUp('--yes');
      expect(isDeployed()).toBe(false);
      const { status, output } = await setUp('--yes');
      expect(output).toMatch(/\[env\.staging\] of wrangler\.toml lacks .*vars \(GREETING\)/);
      expect([status, isDeployed()]).toEqual([0, true]);
    });

    it('does not compare what each environment has under another name', async () => {
      const app = (name: string, className = 'Renderer') => ({
        queues: { consumers: [{ queue: `mails-${name}` }] },
        containers: [{ name, class_name: className, image: './Dockerfile' }],
        tail_consumers: [{ service: `tail-${name}` }],
      });
      const [top, same, other] = [app('top'), app('staging'), app('staging', 'Printer')];
      expect(lackingIn(same, top)).toEqual([]);
      expect(lackingIn({}, top)).toEqual(['containers (Renderer)']);
      expect(lackingIn(other, top)).toEqual(['containers (Renderer)']);
    });

    it('says so in a dry run', async () => {
      const { output } = await setUp('--dry-run');
      expect(output).toMatch(/Then: \[env\.staging\] of wrangler\.toml lacks/);
      expect(output).not.toContain('Would: Deploy');
    });
  });

  it('is named by every other command that lacks the environment', async () => {
    for (const name of ['doctor', 'deploy', 'link']) {
      const run = await workplace.run([name, '--env', 'staging', ...more(name)]);
      expect(run).toMatchObject({ status: 2 });
      expect(run.output).toContain('npm run setup -- --env staging');
    }
  });
  const more = (name: string) => (name === 'link' ? ['--subject=a'] : []);
});

describe('deploy without --env', () => {
  const untouched = {
    d1_databases: [
      { binding: 'DB', database_name: 'portal-link-production', migrations_dir: 'migrations' },
    ],
    ratelimits: [
      { name: 'SESSION_LIMIT', namespace_id: '4203', simple: { limit: 20, period: 60 } },
    ],
    secrets: { required: ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'] },
    vars: { AUTH_JWKS_URL: '', BRAND_NAME: '' },
  };

  it.each([
    ['vars.BRAND_NAME', { vars: { BRAND_NAME: 'Shop' } }],
    ['d1_databases.database_id', { d1_databases: [{ binding: 'DB', database_id: 'an-id' }] }],
    ['routes.pattern', { routes: [{ pattern: 'billing.example.com' }] }],
    ['secrets.required', { secrets: { required: ['LINK_SECRET'] } }],
    ['send_email.name', { send_email: [{ name: 'EMAIL' }] }],
    ['ratelimits.simple.limit', { ratelimits: [{ name: 'SESSION_LIMIT', simple: { limit: 5 } }] }],
  ])('is refused while [env.production] alone has %s', async (setting, production) => {
    workplace.edit('wrangler.toml', { env: { production: { ...untouched, ...production } } });
    for (const words of [['deploy'], ['setup', '--remote', '--yes']]) {
      const run = await workplace.run(words);
      expect(run.status).toBe(2);
      expect(run.output).toContain(`lacks: ${setting}`);
      expect(run.output).toContain('npm run deploy -- --env production');
    }
    expect(workplace.cloudflare.requests).toEqual([]);
  });

  it('is not refused for an [env.production] that says nothing new', async () => {
    workplace.edit('wrangler.toml', { env: { production: untouched } });
    const given = { CLOUDFLARE_API_TOKEN: 'wrong' };
    // Refused by Cloudflare instead, which comes after.
    expect((await workplace.run(['deploy'], given)).output).toContain('Authentication error');
  });
});

it('keeps every comment of wrangler.toml when it sets one setting', () => {
  workplace.write('wrangler.toml', readFileSync('wrangler.toml', 'utf8'));
  const before = workplace.read('wrangler.toml').split('\n');
  setInConfigFile(workplace.directory, ['vars'], 'PORTAL_CONFIGURATION', 'bpc_1');
  const after = workplace.read('wrangler.toml').split('\n');
  const changed = after.filter((line, index) => line !== before[index]);
  expect(changed).toEqual(['PORTAL_CONFIGURATION = "bpc_1"']);
});
