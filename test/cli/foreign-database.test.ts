import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { diagnose } from './diagnose.ts';
import { useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { migrations } from './local-database.ts';
import { ADDRESS, fillIn } from './workplace.ts';

useWorkplaceWithD1(fillIn);
beforeEach(() => {
  workplace.configure({ PUBLIC_ORIGIN: workplace.origin });
  mkdirSync(join(workplace.directory, 'drizzle'));
  // Both tools give this name to everybody's first migration.
  workplace.write('drizzle/0000_initial.sql', 'create table orders (id integer);\n');
  workplace.edit('wrangler.toml', {
    d1_databases: [{ binding: 'DB', database_name: 'shop', migrations_dir: 'drizzle' }],
  });
});

describe('a D1 at Cloudflare that an app lives on', () => {
  const changes = () =>
    workplace.cloudflare.requests.filter((line) => /^(PUT|PATCH|DELETE)/.test(line));
  const written = () => workplace.stripe.requests.filter(({ method }) => method !== 'GET');
  const open = (...statements: string[]) => {
    const { sqlite } = workplace.cloudflare.createDatabase('shop');
    for (const statement of statements) sqlite.exec(statement);
    return sqlite;
  };
  const APPLIED = `create table d1_migrations (id integer primary key autoincrement, name text unique,
    applied_at timestamp default current_timestamp not null)`;
  const setup = async () =>
    workplace.run(['setup', '--remote', '--yes', '--url', ADDRESS], {
      STRIPE_SECRET_KEY: workplace.key,
    });
  beforeEach(() => {
    workplace.configure({ PUBLIC_ORIGIN: ADDRESS });
    workplace.edit('wrangler.toml', {
      d1_databases: [{ binding: 'DB', database_name: 'shop', migrations_dir: 'migrations' }],
    });
    workplace.cloudflare.createWorker('portal-link', {
      STRIPE_SECRET_KEY: 'x',
      STRIPE_WEBHOOK_SECRET: 'y',
    });
  });

  it.each<[string, string[]]>([
    ['has tables', ['create table orders (id integer)']],
    [
      'has a migration of the same name',
      [
        'create table orders (id integer)',
        APPLIED,
        "insert into d1_migrations (name) values ('0000_initial.sql')",
      ],
    ],
  ])('is refused before anything is stored, where it %s', async (_, statements) => {
    const sqlite = open(...statements);
    for (const run of [await setup(), await workplace.run(['deploy'])]) {
      expect(run.status).toBe(2);
      expect(run.output).toContain("tables that are not portal-link's (orders)");
      expect(run.output).toContain('another database_name, such as "shop-billing"');
    }
    expect([changes(), written()]).toEqual([[], []]);
    expect(sqlite.prepare("select name from sqlite_master where name = 'cursors'").all()).toEqual(
      [],
    );
  });

  it.each<[string, string[]]>([
    ['is empty', []],
    ['has tables of Cloudflare’s alone', ['create table _cf_METADATA (key integer)', APPLIED]],
    ['has our tables', migrations()],
    ['has other tables beside ours', [...migrations(), 'create table orders (id integer)']],
  ])('is not one that %s', async (_, statements) => {
    open(...statements);
    const run = await workplace.run(['setup', '--remote', '--dry-run'], {
      STRIPE_SECRET_KEY: workplace.key,
    });
    expect(run.output).not.toContain('tables that are not');
    expect(run.status).toBe(0);
  });

  describe('with portal-link’s tables, which another table than d1_migrations notes,', () => {
    const noted = (table: string) =>
      migrations().map((statement) => statement.replace(/\bd1_migrations\b/, `"${table}"`));
    const dryRun = async () =>
      workplace.run(['setup', '--remote', '--dry-run'], { STRIPE_SECRET_KEY: workplace.key });
    const name = (table: string) =>
      workplace.edit('wrangler.toml', {
        d1_databases: [
          {
            binding: 'DB',
            database_name: 'shop',
            migrations_dir: 'migrations',
            migrations_table: table,
          },
        ],
      });

    it.each(['billing_migrations', 'billing "notes"'])(
      'is ours, where that is %s',
      async (table) => {
        open(...noted(table.replaceAll('"', '""')));
        name(table);
        const run = await dryRun();
        expect(run.output).not.toMatch(/The D1 database shop|Would: Apply/);
        expect(run.status).toBe(0);
      },
    );

    it('is ours for doctor, too', async () => {
      open(...noted('billing_migrations'));
      const migrationsFound = async () => {
        const { stdout } = await workplace.run(['doctor', '--remote', '--json'], {
          STRIPE_SECRET_KEY: workplace.key,
        });
        const { checks } = JSON.parse(stdout) as { checks: { check: string; found: string }[] };
        return checks.find(({ check }) => check === 'database_migrations')?.found;
      };
      expect(await migrationsFound()).toContain('Not applied: 0000_initial.sql');
      name('billing_migrations');
      expect(await migrationsFound()).toBe('All are applied.');
    });

    it('may be empty but for these notes', async () => {
      open(APPLIED.replace('d1_migrations', 'billing_migrations'));
      name('billing_migrations');
      expect(await dryRun()).toMatchObject({
        status: 0,
        output: expect.stringContaining('Would: Apply to shop: 0000_initial.sql'),
      });
    });

    it('is kept, and not replaced, where the configuration does not name it', async () => {
      open(...noted('billing_migrations'));
      for (const run of [await setup(), await workplace.run(['deploy'])]) {
        expect(run.status).toBe(2);
        expect(run.output).toContain("has portal-link's tables, but its table d1_migrations notes");
        expect(run.output).toContain('migrations_table of the binding DB in wrangler.toml');
        expect(run.output).toMatch(/`npx wrangler d1 migrations list DB --config.* --remote`/);
        expect(run.output).not.toMatch(/another database_name|tables that are not/);
      }
      expect([changes(), written()]).toEqual([[], []]);
    });
  });

  it('is shared on purpose where our migrations are among its own', async () => {
    workplace.edit('wrangler.toml', {
      d1_databases: [{ binding: 'DB', database_name: 'shop', migrations_dir: 'drizzle' }],
    });
    workplace.write('drizzle/0001_billing.sql', workplace.read('migrations/0000_initial.sql'));
    open(
      'create table orders (id integer)',
      APPLIED,
      "insert into d1_migrations (name) values ('0000_initial.sql')",
    );
    const run = await workplace.run(['setup', '--remote', '--dry-run'], {
      STRIPE_SECRET_KEY: workplace.key,
    });
    expect([run.status, run.output]).toEqual([
      0,
      expect.stringContaining('Would: Apply to shop: 0001_billing.sql'),
    ]);
  });
});

describe('a database of the app around us, bound as DB,', () => {
  it('is refused by setup before anything is changed', async () => {
    const before = workplace.read('wrangler.toml');
    const run = await workplace.run(['setup', '--yes'], { STRIPE_SECRET_KEY: workplace.key });
    expect(run.status).toBe(2);
    expect(run.output).toMatch(/drizzle has none of its migrations.*Nothing was changed/s);
    expect(workplace.read('wrangler.toml')).toBe(before);
    expect(workplace.stripe.requests).toEqual([]);
  });

  it('is refused by deploy before wrangler applies anything', async () => {
    const run = await workplace.run(['deploy']);
    expect(run.status).toBe(2);
    expect(run.output).toContain('drizzle has none of its migrations');
    expect(workplace.cloudflare.requests.filter((line) => !line.startsWith('GET'))).toEqual([]);
  });

  it('is what doctor finds, and setup is not the remedy', async () => {
    workplace.write('.dev.vars', `STRIPE_SECRET_KEY=${workplace.key}\n`);
    const { checks } = await diagnose(workplace);
    const finding = checks.find(({ check }) => check === 'database_migrations')!;
    expect(finding).toMatchObject({ outcome: 'failure' });
    expect(finding.found).toContain('is not portal-link');
    expect(finding.next).toContain('a database of its own as DB');
    expect(finding.next).not.toContain('setup');
  });

  it('is ours once our migrations are among its own', async () => {
    const [first] = ['0000_initial.sql'].map((name) => workplace.read(`migrations/${name}`));
    workplace.write('drizzle/0001_billing.sql', first!);
    const { checks } = await diagnose(workplace);
    const finding = checks.find(({ check }) => check === 'database_migrations')!;
    expect(finding.found).toBe('Not applied: 0001_billing.sql.');
  });
});
