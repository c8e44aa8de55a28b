import { describe, expect, it } from 'vitest';
import { importing, insert, OPERATOR, type Row } from './importing.ts';
import { migrations } from './local-database.ts';
import { useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { fillInWithKey } from './workplace.ts';

useWorkplaceWithD1(fillInWithKey);

describe('at Cloudflare', () => {
  const key = () => ({ STRIPE_SECRET_KEY: workplace.key });
  const remote = async () => workplace.run(importing('--yes', '--remote'), key());
  const create = (rows: Row[]) => {
    const { sqlite } = workplace.cloudflare.createDatabase('portal-link');
    for (const statement of migrations()) sqlite.exec(statement);
    sqlite.exec(insert(rows));
    return () =>
      sqlite
        .prepare(`select subject, evidence, count(*) as count from customers
        group by subject, evidence`)
        .all();
  };

  it('maps a thousand customers by one call', async () => {
    const rows = Array.from({ length: 3_000 }, (_, index) => ({ id: `cus_${index}` }));
    const grouped = create(rows);
    const lines = rows.map(({ id }) => `${id},O'Hara`).join('\n');
    workplace.write('mapping.csv', `customer,subject\n${lines}\n`);
    expect(await remote()).toMatchObject({ status: 0 });
    expect(grouped()).toEqual([{ subject: "O'Hara", evidence: OPERATOR, count: 3_000 }]);
    const queries = workplace.cloudflare.requests.filter((each) => each.endsWith('/query'));
    expect(queries.length).toBeLessThan(15);
  });

  it('waits as long as Cloudflare asks after too many calls, and goes on', async () => {
    const grouped = create([{ id: 'cus_1' }]);
    workplace.write('mapping.csv', 'customer,subject\ncus_1,user_1\n');
    workplace.cloudflare.refusals = 1;
    expect(await remote()).toMatchObject({ status: 0 });
    expect(workplace.cloudflare.refused).toBe(1);
    expect(workplace.waits).toContain(12_000);
    expect(grouped()).toEqual([{ subject: 'user_1', evidence: OPERATOR, count: 1 }]);
  });
});
