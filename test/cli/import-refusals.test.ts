import { describe, expect, it } from 'vitest';
import { createOperatorStore } from '../../src/customers/stores/operator.ts';
import { database, useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { fillInWithKey } from './workplace.ts';

useWorkplaceWithD1(fillInWithKey);

type Row = { id: string; email?: string; subject?: string; evidence?: number; deleted?: boolean };

const insert = (rows: Row[]) =>
  `insert into customers (id, email, subject, evidence, deleted_at, livemode, created_at,
      sync_ticket, synced_ticket)
    select value ->> 'id', value ->> 'email', value ->> 'subject', value ->> 'evidence',
      iif(value ->> 'deleted', 1, null), 0, 0, 1, 1
    from json_each('${JSON.stringify(rows)}')`;
const have = async (...rows: Row[]) => database.prepare(insert(rows)).run();
const subjectOf = async (id: string) => {
  const record = await createOperatorStore(database).record(id);
  return record && [record.subject, record.evidence];
};

const importing = (...words: string[]) => ['customer', '--import', 'mapping.csv', ...words];
/** Imports these lines, and goes on without a question. */
async function importLines(lines: string[] | string, ...words: string[]) {
  workplace.write('mapping.csv', typeof lines === 'string' ? lines : `${lines.join('\n')}\n`);
  return workplace.run(importing('--yes', ...words));
}
const notMapped = () => workplace.read('mapping.not-mapped.csv').trimEnd().split('\n');
const OPERATOR = 80;

describe('what cannot be used', () => {
  it('is left out line by line, each with its number and reason', async () => {
    await have({ id: 'cus_1' }, { id: 'cus_2' });
    const run = await importLines([
      'customer,subject',
      'cus_1,user_1',
      'cus_2,one',
      'cus_2,"two, or three"',
    ]);
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(/ 2 {2}cannot be used\n/);
    expect(run.stdout).toContain('  line 3, cus_2: line 4 names another subject\n');
    expect(run.stdout).toContain('These are listed in mapping.not-mapped.csv');
    expect(notMapped().slice(1)).toEqual([
      '3,cus_2,one,line 4 names another subject',
      '4,cus_2,"two, or three",line 3 names another subject',
    ]);
    expect(await subjectOf('cus_1')).toEqual(['user_1', OPERATOR]);
    expect(await subjectOf('cus_2')).toEqual([null, null]);
  });

  it('is refused if it is no such file, or beside what belongs to one customer', async () => {
    workplace.write('mapping.csv', 'customer;subject\ncus_1;user_1\n');
    for (const [words, message] of [
      [importing('--yes'), 'has to be `customer,subject`'],
      [['customer', '--import', 'no.csv', '--yes'], 'no such file'],
      [[...importing(), '--map', 'x'], 'cannot be used with'],
      [[...importing(), 'cus_1'], 'Name a customer, or a file'],
      [['customer'], 'Name a customer, or a file'],
      [['customer', 'cus_1', '--replace'], 'belong to --import'],
    ] as const) {
      const refused = await workplace.run([...words]);
      expect(refused).toMatchObject({ status: 2, output: expect.stringContaining(message) });
    }
  });
});
