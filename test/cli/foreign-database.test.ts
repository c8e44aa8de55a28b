import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { diagnose } from './diagnose.ts';
import { useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { fillIn } from './workplace.ts';

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
