import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { createStores } from '../../src/customers/stores/index.ts';
import { createOperatorStore } from '../../src/customers/stores/operator.ts';
import { interruptAt } from './interrupt.ts';
import { have, importing, importLines, notMapped, OPERATOR, subjectOf } from './importing.ts';
import { database, useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { fillInWithKey } from './workplace.ts';

useWorkplaceWithD1(fillInWithKey);

const endFill = async () =>
  createStores(database).cursors.move(
    [
      ['customers', 'done'],
      ['subscriptions', 'done'],
      ['checkouts', 'done'],
    ],
    false,
  );

describe('--import', () => {
  it('maps customers by an operator’s word, after it has shown what that changes', async () => {
    await have(
      { id: 'cus_new' },
      { id: 'cus_kept', subject: 'kept', evidence: OPERATOR },
      { id: 'cus_known', subject: 'known', evidence: 70 },
      { id: 'imported|1' },
    );
    const run = await importLines([
      'customer,subject',
      'cus_new,user_1',
      'cus_kept,kept',
      'cus_known,known',
      'imported|1,user_1',
    ]);
    expect(run.status).toBe(0);
    expect(run.stdout).toMatch(/ 2 {2}get their subject\n/);
    expect(run.stdout).toMatch(/ 1 {2}have it by what Stripe says/);
    expect(run.stdout).toMatch(/ 1 {2}have it already, by your word\n/);
    expect(run.stdout).toContain('some for several customers');
    expect(run.stdout.indexOf('get their subject')).toBeLessThan(
      run.stdout.indexOf('Doing: Map 3 customers in D1'),
    );
    expect(run.stdout).toContain('3 customers were mapped.');
    expect(await subjectOf('cus_new')).toEqual(['user_1', OPERATOR]);
    expect(await subjectOf('cus_known')).toEqual(['known', OPERATOR]);
    expect(await subjectOf('imported|1')).toEqual(['user_1', OPERATOR]);
    expect(existsSync(join(workplace.directory, 'mapping.not-mapped.csv'))).toBe(false);
  });

  it('remaps nobody without --replace', async () => {
    await have(
      { id: 'cus_1', subject: 'before', evidence: 70 },
      { id: 'cus_2', subject: 'before', evidence: OPERATOR },
      // An operator has said that it is nobody's.
      { id: 'cus_3', evidence: OPERATOR },
    );
    const lines = ['customer,subject', 'cus_1,after', 'cus_2,after', 'cus_3,after'];
    const first = await importLines(lines);
    expect(first).toMatchObject({ status: 1, stdout: expect.stringContaining('nothing to map') });
    expect(await subjectOf('cus_1')).toEqual(['before', 70]);
    expect(await subjectOf('cus_2')).toEqual(['before', OPERATOR]);
    expect(await subjectOf('cus_3')).toEqual([null, OPERATOR]);
    expect(notMapped()).toEqual([
      'line,customer,subject,reason',
      '2,cus_1,after,"it has the subject before, which --replace changes"',
      '3,cus_2,after,"it has the subject before, which --replace changes"',
      '4,cus_3,after,"an operator has said that it is nobody’s, which --replace changes"',
    ]);
    expect(await importLines(lines, '--replace')).toMatchObject({ status: 0 });
    for (const id of ['cus_1', 'cus_2', 'cus_3']) {
      expect(await subjectOf(id)).toEqual(['after', OPERATOR]);
    }
  });

  it('remaps nobody that a webhook has mapped since the plan', async () => {
    await have({ id: 'cus_1' }, { id: 'cus_2' });
    workplace.write('mapping.csv', 'customer,subject\ncus_1,mine\ncus_2,mine\n');
    const { shell, printed } = workplace.createShell();
    const { print } = shell;
    shell.print = (text) => {
      print(text);
      // The plan is on the screen now, and the next statement writes.
      if (text.includes('Doing')) overtake();
    };
    let overtaking: Promise<unknown> = Promise.resolve();
    const overtake = () => {
      overtaking = database
        .prepare(`update customers set subject = 'theirs', evidence = 70
        where id = 'cus_1'`)
        .run();
    };
    expect(await main(importing('--yes'), shell)).toBe(1);
    await overtaking;
    expect(await subjectOf('cus_1')).toEqual(['theirs', 70]);
    expect(await subjectOf('cus_2')).toEqual(['mine', OPERATOR]);
    expect(printed.stdout).toContain('line 2, cus_1: it was mapped or deleted in the meantime');
  });

  it('lists customers that D1 does not have, or has marked as deleted', async () => {
    await have({ id: 'cus_gone', deleted: true }, { id: 'cus_1' });
    const lines = ['customer,subject', 'cus_9,user_9', 'cus_gone,user_8', 'cus_1,user_1'];
    const run = await importLines(lines);
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('run `npm run fill` first');
    expect(run.stdout).toContain('line 2, cus_9: D1 has no such customer');
    expect(run.stdout).toContain('line 3, cus_gone: the customer was deleted at Stripe');
    expect(await subjectOf('cus_1')).toEqual(['user_1', OPERATOR]);
    expect(statSync(join(workplace.directory, 'mapping.not-mapped.csv')).mode & 0o777).toBe(0o600);
  });

  it('maps by the e-mail address that exactly one customer has', async () => {
    await have(
      { id: 'cus_1', email: 'Ada@Example.com' },
      { id: 'cus_2', email: 'two@example.com' },
      { id: 'cus_3', email: 'TWO@example.com' },
      { id: 'cus_4', email: 'a@bücher.example' },
      { id: 'cus_5', email: 'a@xn--bcher-kva.example' },
    );
    await endFill();
    const run = await importLines([
      'email,subject',
      'ada@example.com,ada',
      'two@example.com,two',
      'nobody@example.com,nobody',
      'a@bücher.example,a',
    ]);
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('Your site must have verified these addresses.');
    expect(await subjectOf('cus_1')).toEqual(['ada', OPERATOR]);
    expect(await subjectOf('cus_2')).toEqual([null, null]);
    expect(notMapped().slice(1)).toEqual([
      '3,two@example.com,two,2 customers have this address',
      '4,nobody@example.com,nobody,no customer has this address',
      '5,a@bücher.example,a,2 customers have this address',
    ]);
  });

  it('takes no addresses before the first fill, when D1 may know one customer of two', async () => {
    await have({ id: 'cus_1', email: 'ada@example.com' });
    const run = await importLines('email,subject\nada@example.com,ada\n');
    expect(run).toMatchObject({ status: 2, output: expect.stringMatching(/npm run fill` first/) });
    expect(await subjectOf('cus_1')).toEqual([null, null]);
  });

  it('changes nothing with --dry-run, or where there is nobody to ask', async () => {
    await have({ id: 'cus_1' });
    workplace.write('mapping.csv', 'customer,subject\ncus_1,user_1\n');
    const dry = await workplace.run(importing('--dry-run'));
    expect(dry.stdout).toContain('Would: Map 1 customers in D1');
    workplace.write('mapping.csv', 'customer,subject\ncus_1,user_1\ncus_unknown,user_2\n');
    workplace.write('mapping.not-mapped.csv', 'of the run before');
    const refusing = await workplace.run(importing('--dry-run'));
    expect(refusing.stdout).toContain('These would be listed in mapping.not-mapped.csv.');
    expect(workplace.read('mapping.not-mapped.csv')).toBe('of the run before');
    const unasked = await workplace.run(importing());
    expect(unasked).toMatchObject({ status: 2, output: expect.stringContaining('Add --yes') });
    expect(await subjectOf('cus_1')).toEqual([null, null]);
  });

  it('stops after a page at Ctrl-C, and the next run goes on there', async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => ({ id: `cus_${index}` }));
    await have(...rows);
    const lines = rows.map(({ id }) => `${id},user_${id}`).join('\n');
    workplace.write('mapping.csv', `customer,subject\n${lines}\n`);
    const { shell, printed } = workplace.createShell();
    interruptAt('1,000 of 2,500 mapped', shell);
    expect(await main(importing('--yes'), shell)).toBe(130);
    expect(printed.output).toMatch(/What is done is kept[^]*Run the command again to go on/);
    const mapped = async () => (await createOperatorStore(database).overview(false)).mapped;
    expect(await mapped()).toBe(1_000);

    const again = await workplace.run(importing('--yes'));
    expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining('Map 1,500') });
    expect(again.stdout).toMatch(/1,000 {2}have it already/);
    expect(await mapped()).toBe(2_500);
  });

  it('touches no customer of the other mode, and no database of another account', async () => {
    await have({ id: 'cus_1' });
    await database.prepare('update customers set livemode = 1').run();
    expect((await importLines('customer,subject\ncus_1,user_1\n')).status).toBe(1);
    await database.prepare('update customers set livemode = 0').run();
    await createOperatorStore(database).noteAccount('acct_before', false);
    const run = await importLines('customer,subject\ncus_1,user_1\n');
    expect(run).toMatchObject({ status: 2, output: expect.stringContaining('acct_before') });
    expect(await subjectOf('cus_1')).toEqual([null, null]);
  });
});
