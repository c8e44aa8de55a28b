import { describe, expect, it } from 'vitest';
import { have, importing, importLines, notMapped, OPERATOR, subjectOf } from './importing.ts';
import { useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { fillInWithKey } from './workplace.ts';

useWorkplaceWithD1(fillInWithKey);

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
