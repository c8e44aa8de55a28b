import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { frameworkBuild } from '../../src/cli/app/framework-build.ts';
import { readTarget } from '../../src/cli/target.ts';
import { build, path, REDIRECT, useFramework, writeBuilt } from './framework.ts';
import { workplace } from './use-workplace.ts';
import { ADDRESS } from './workplace.ts';

useFramework();

const changes = () => workplace.cloudflare.requests.filter((line) => !line.startsWith('GET'));
const found = () => frameworkBuild(readTarget(workplace.directory, {}, { remote: true }));

it('takes a build, however old its file is', () => {
  build();
  utimesSync(path('build/wrangler.json'), 1, 1);
  expect(found()).toEqual({ kind: 'current' });
});

it('takes a build to which the framework has added what is its own', () => {
  build();
  const { vars, triggers } = JSON.parse(workplace.read('wrangler.jsonc')) as {
    vars: object;
    triggers: { crons: string[] };
  };
  writeBuilt({
    vars: { ...vars, THEIRS: '1' },
    triggers: { crons: [...triggers.crons, '0 3 * * *'] },
    kv_namespaces: [{ binding: 'CACHE', id: '0123456789abcdef0123456789abcdef' }],
  });
  expect(found()).toEqual({ kind: 'current' });
});

describe('refuses a build, before anything is changed, that', () => {
  it.each<[string, object, RegExp]>([
    [
      'has another address',
      { vars: { PUBLIC_ORIGIN: 'https://old.example' } },
      /in .*PUBLIC_ORIGIN/,
    ],
    ['is of another name', { name: 'shop' }, /in name, and/],
    ['has no database', { d1_databases: [] }, /in DB, and/],
    ['lacks the limits', { ratelimits: [] }, /SESSION_LIMIT, CLIENT_LIMIT, WEBHOOK_LIMIT, and/],
    ['has no cron job', { triggers: {} }, /in crons/],
    [
      'requires a secret that the Worker does not have',
      { secrets: { required: ['AUTH_JWT_SECRET'] } },
      /in AUTH_JWT_SECRET, and/,
    ],
    [
      'is of another environment',
      { targetEnvironment: 'staging' },
      /in its environment: it is of staging/,
    ],
  ])('%s', async (_what, change, difference) => {
    build(change);
    const { status, output } = await workplace.run(['deploy']);
    expect(status).toBe(2);
    expect(output).toMatch(/build differs from wrangler\.jsonc in .*Build your app once more/);
    expect(output).toMatch(difference);
    expect(output).not.toContain('old.example');
    expect(changes()).toEqual([]);
  });

  it('lacks a route', async () => {
    workplace.edit('wrangler.toml', { routes: ['shop.example/billing*'] });
    build({ routes: [] });
    expect((await workplace.run(['deploy'])).output).toContain('wrangler.jsonc in routes, and');
  });
});

describe('names the redirect file, which may be deleted, where', () => {
  it.each<[string, () => void]>([
    ['the build is gone', () => rmSync(path('build'), { recursive: true })],
    ['the build cannot be read', () => writeFileSync(path('build/wrangler.json'), '{')],
    ['it is cut off', () => writeFileSync(path(REDIRECT), '{')],
    ['it is empty', () => writeFileSync(path(REDIRECT), '{}')],
    ['it has no path', () => writeFileSync(path(REDIRECT), '{"configPath":1}')],
    ['it leads to a folder', () => writeFileSync(path(REDIRECT), '{"configPath":"../../"}')],
  ])('%s', async (_what, spoil) => {
    build();
    spoil();
    const { status, output } = await workplace.run(['deploy']);
    expect(status).toBe(2);
    expect(output).toContain('.wrangler/deploy/config.json');
    expect(output).toMatch(
      /Build your app once more.*, or delete \.wrangler\/deploy\/config\.json/,
    );
    expect(changes()).toEqual([]);
  });
});

it('reads the redirect file with its comments, as Wrangler does', () => {
  build();
  writeFileSync(path(REDIRECT), `// Of the build.\n${workplace.read(REDIRECT)}`);
  expect(found()).toEqual({ kind: 'current' });
});

it('comes first in what a dry run of setup lists', async () => {
  build();
  const { status, output } = await workplace.run(
    ['setup', '--remote', '--dry-run', '--url', ADDRESS],
    { STRIPE_SECRET_KEY: workplace.key },
  );
  expect(output).not.toContain('Deploy the Worker');
  expect(output).toMatch(/Would: [^]*\nThen: Build your app .* then run `npm run deploy`\./);
  expect(status).toBe(0);
});

it('is set up, and ends with the build and the deploy that are still to do', async () => {
  build();
  const { status, output } = await workplace.run(['setup', '--remote', '--yes', '--url', ADDRESS], {
    STRIPE_SECRET_KEY: workplace.key,
  });
  expect(output).not.toContain('Deploy the Worker');
  expect(output).toMatch(
    /Still to do:\n[^]*- .*differs from wrangler\.jsonc in PORTALS, .*Build your app .* then run `npm run deploy`/,
  );
  expect(output).toContain(`${ADDRESS}/billing/manage`);
  expect(output).toContain('D1 does not have all customers yet');
  expect(status).toBe(0);
});
