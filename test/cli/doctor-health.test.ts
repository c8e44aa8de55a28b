import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { VERSION } from '../../src/version.ts';
import { diagnose } from './diagnose.ts';
import { useWorkplace, workplace } from './use-workplace.ts';
import { ADDRESS, fillIn } from './workplace.ts';

useWorkplace(fillIn);
beforeEach(() => {
  workplace.cloudflare.createWorker('portal-link', { STRIPE_SECRET_KEY: 'x' });
});

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

/** What a Worker of today says while all is well, but for these fields. */
const saying = (changes: object) =>
  workplace.answerHealth({
    status: 'ok',
    version: VERSION,
    mode: 'test',
    last_run: minutesAgo(3),
    first_fill: 'complete',
    first_fill_lists: { customers: 'complete', subscriptions: 'complete', checkouts: 'complete' },
    backlog: { customers: 0, failing: 0, seconds: 0, as_of: minutesAgo(3) },
    rate_limits: 'on',
    ...changes,
  });

const lookAt = async (check: string, options: object = { remote: true }) => {
  const { checks } = await diagnose(workplace, { url: ADDRESS, ...options });
  return checks.find((finding) => finding.check === check)!;
};

const withKey = (key: string) =>
  workplace.write('.dev.vars.production', `STRIPE_SECRET_KEY=${key}`);

const OF_HEALTH = [
  'deployment_version',
  'deployment_mode',
  'deployment_cron',
  'deployment_backlog',
  'deployment_fill',
];

it('finds nothing wrong with a Worker of this checkout that is well', async () => {
  withKey(workplace.key);
  saying({});
  const { checks } = await diagnose(workplace, { remote: true, url: ADDRESS });
  const ofHealth = checks.filter(({ check }) => OF_HEALTH.includes(check));
  expect(ofHealth.map(({ check, outcome }) => [check, outcome])).toEqual(
    OF_HEALTH.map((check) => [check, 'ok']),
  );
});

describe('the deployed version', () => {
  it.each([
    ['0.1.9', 'older', 'npm run deploy'],
    ['0.10.0', 'newer', 'Pull the newer code'],
    ['1.0.0', 'newer', 'Pull the newer code'],
    [`${VERSION}-rc.1`, 'older', 'npm run deploy'],
    ['0.10.0-rc.1', 'newer', 'Pull the newer code'],
  ])('%s is %s than this checkout', async (version, order, next) => {
    saying({ version });
    const finding = await lookAt('deployment_version');
    expect(finding).toMatchObject({
      outcome: 'warning',
      found: expect.stringContaining(`${version}, ${order} than this checkout (${VERSION})`),
    });
    expect(finding.next).toContain(next);
  });

  it('is older if the Worker does not say it, and then says nothing else either', async () => {
    workplace.answerHealth({ status: 'ok', first_fill: 'complete', rate_limits: 'on' });
    const { checks } = await diagnose(workplace, { remote: true, url: ADDRESS });
    const ofHealth = checks.filter(({ check }) => OF_HEALTH.includes(check));
    expect(ofHealth.map(({ outcome }) => outcome)).toEqual([
      'warning',
      'skipped',
      'skipped',
      'skipped',
      'skipped',
    ]);
    expect(ofHealth[0]!.found).toContain('before 0.2.0');
  });

  it('is deployed anew by the command of its environment', async () => {
    workplace.edit('wrangler.toml', { env: { staging: { vars: {} } } });
    saying({ version: '0.1.0' });
    const { next } = await lookAt('deployment_version', { env: 'staging' });
    expect(next).toContain('`npm run deploy -- --env staging`');
  });
});

describe('the mode of the deployed key', () => {
  it('is compared with that of the key here, if there is one', async () => {
    saying({ mode: 'live' });
    expect(await lookAt('deployment_mode')).toMatchObject({ outcome: 'skipped' });
    withKey(workplace.key);
    expect(await lookAt('deployment_mode')).toMatchObject({
      outcome: 'warning',
      found: 'The Worker’s key is a live key; the one here is not.',
    });
  });

  it('is another one for doctor without --remote, which reads the key of this machine', async () => {
    workplace.write('.dev.vars', `STRIPE_SECRET_KEY=${workplace.key}\n`);
    saying({ mode: 'live' });
    const { next } = await lookAt('deployment_mode', {});
    expect(next).toContain('--remote');
  });
});

describe('the cron job', () => {
  it('is a warning when it is late, or has never run', async () => {
    saying({ status: 'late', last_run: minutesAgo(47) });
    const late = await lookAt('deployment_cron');
    expect(late).toMatchObject({ outcome: 'warning', found: 'Its last run was 47 minutes ago.' });
    expect(late.next).toContain('reconcile_failed');
    saying({ status: 'late', last_run: null, backlog: undefined });
    expect(await lookAt('deployment_cron')).toMatchObject({ found: 'It has not run yet.' });
  });

  it('that is late leaves the Worker complete', async () => {
    saying({ status: 'late', last_run: minutesAgo(47) });
    expect(await lookAt('deployment_health')).toMatchObject({ outcome: 'ok' });
  });
});

describe('who waits', () => {
  it.each([
    [{ customers: 12, failing: 0, seconds: 3_000 }, 'the longest wait is 50 minutes'],
    [{ customers: 2, failing: 2, seconds: 0 }, '2 of them after attempts that failed'],
  ])('is a warning: %j', async (backlog, found) => {
    saying({ backlog: { ...backlog, as_of: minutesAgo(3) } });
    expect(await lookAt('deployment_backlog')).toMatchObject({
      outcome: 'warning',
      found: expect.stringContaining(found),
    });
  });

  it('may wait for a run or two', async () => {
    saying({ backlog: { customers: 40, failing: 0, seconds: 400, as_of: minutesAgo(3) } });
    expect(await lookAt('deployment_backlog')).toMatchObject({ outcome: 'ok' });
  });
});

describe('the first fill', () => {
  const lists = { customers: 'complete', subscriptions: 'running', checkouts: 'not_begun' };

  it('is named with its lists while it runs, and how to do the rest', async () => {
    saying({ first_fill: 'running', first_fill_lists: lists });
    expect(await lookAt('deployment_fill')).toMatchObject({
      outcome: 'ok',
      found:
        'It is running (customers complete, subscriptions running, checkouts not begun). `npm run fill -- --remote` does the rest at once.',
    });
  });

  it('and the cron job need not have begun in the minutes after the first deploy', async () => {
    const unbegun = { status: 'late', last_run: null, first_fill: 'not_begun', backlog: undefined };
    saying(unbegun);
    for (const check of ['deployment_cron', 'deployment_fill']) {
      expect(await lookAt(check)).toMatchObject({ outcome: 'warning' });
    }
    const { sqlite } = workplace.cloudflare.createDatabase('portal-link');
    sqlite.exec(`create table d1_migrations (id integer primary key, name text, applied_at text)`);
    sqlite.exec(`insert into d1_migrations values (1, '0000_initial.sql', current_timestamp)`);
    for (const check of ['deployment_cron', 'deployment_fill']) {
      expect(await lookAt(check)).toMatchObject({ outcome: 'ok' });
    }
    sqlite.exec(`update d1_migrations set applied_at = datetime('now', '-16 minutes')`);
    expect(await lookAt('deployment_cron')).toMatchObject({ outcome: 'warning' });
  });
});

it('says nothing of a Worker that is not complete but its version', async () => {
  saying({ status: 'unavailable', problems: [{ key: 'DB', remedy: 'x' }] });
  expect(await lookAt('deployment_version')).toMatchObject({ outcome: 'ok' });
  expect(await lookAt('deployment_cron')).toMatchObject({ outcome: 'skipped' });
});

describe('the version of this checkout', () => {
  it.each(['doctor', 'setup', 'deploy', 'link', 'fill', 'customer'])(
    'is what %s --version prints, and nothing is done',
    async (command) => {
      const run = await workplace.run([command, '--version']);
      expect(run).toMatchObject({ status: 0, output: `portal-link ${VERSION}\n` });
      expect(workplace.cloudflare.requests).toEqual([]);
    },
  );

  it('stands in the first line of doctor, and in its report', async () => {
    const { output } = await workplace.run(['doctor']);
    expect(output.split('\n')[0]).toContain(`(portal-link ${VERSION})`);
    expect(await diagnose(workplace)).toMatchObject({ version: 1, release: VERSION });
  });

  it('has an entry in the release notes', () => {
    expect(readFileSync('.github/RELEASES.md', 'utf8')).toContain(`\n## ${VERSION}`);
  });
});
