import { describe, expect, it } from 'vitest';
import { createStores } from '../../src/customers/stores/index.ts';
import { createOperatorStore } from '../../src/customers/stores/operator.ts';
import { subscribe } from './filling.ts';
import { migrations } from './local-database.ts';
import { database, useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { fillInWithKey } from './workplace.ts';

useWorkplaceWithD1(fillInWithKey);

const customer = async (...words: string[]) => workplace.run(['customer', ...words]);
const fill = async (...words: string[]) => workplace.run(['fill', ...words]);
const create = async (metadata: Record<string, string> = {}, email = 'ada@example.com') =>
  workplace.api.customers.create({ name: 'Ada', email, metadata });
const ofSubject = async (subject: string) => {
  const found = await createStores(database).customers.findBySubjects([subject], false, 'primary');
  return found.map(({ id }) => id);
};

describe('npm run customer shows', () => {
  it.each(['id', 'subject', 'e-mail address', 'e-mail address in capitals'])(
    'what D1 and Stripe have, when, why, and what the link does, by the %s',
    async (by) => {
      const { id } = await create({ user_id: 'user_1' });
      const subscription = await subscribe(id);
      await fill();
      const names = new Map([
        ['id', id],
        ['subject', 'user_1'],
        ['e-mail address', 'ada@example.com'],
        ['e-mail address in capitals', 'ADA@example.com'],
      ]);
      const { status, stdout } = await customer(names.get(by)!);
      expect(status).toBe(0);
      const [title, d1, stripe, synced, subject, link] = stdout.split('\n');
      expect(title).toBe(`${id}, test mode`);
      const contents = `Ada, ada@example.com; ${subscription.id} (active)`;
      expect(d1).toBe(`  D1        ${contents}`);
      expect(stripe).toBe(`  Stripe    ${contents}`);
      expect(synced).toMatch(/^ {2}Synced {4}\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      expect(subject).toBe('  Subject   user_1, by the metadata of the customer');
      expect(link).toBe(`  The link  opens the portal of ${id}: it is the subject’s only customer`);
    },
  );

  it('what is newer at Stripe, and that --sync brings it to D1', async () => {
    const { id } = await create({ user_id: 'user_1' });
    await fill();
    await workplace.api.customers.update(id, { name: 'Ada L.', metadata: { user_id: 'user_2' } });
    const before = await customer(id);
    expect(before.stdout).toMatch(/D1 +Ada,/);
    expect(before.stdout).toMatch(/Stripe +Ada L\.,/);
    expect(before.stdout).toContain('Stripe says user_2, by the metadata of the customer');
    const after = await customer(id, '--sync');
    expect(after.stdout).toMatch(/D1 +Ada L\.,/);
    expect(after.stdout).toMatch(/Subject +user_2, by the metadata of the customer\n/);
  });

  it('a customer that only Stripe has, and that a visit finds there by a search', async () => {
    const { id } = await create({ user_id: 'user_1' });
    const { stdout } = await customer('user_1');
    expect(stdout).toContain(`${id}, test mode`);
    expect(stdout).toMatch(/D1 +does not have this customer/);
    expect(stdout).toMatch(/Synced +never/);
    expect(stdout).toMatch(/The link +searches Stripe for user_1/);
  });

  it('that nothing names a subject, before and after the first fill', async () => {
    const { id } = await create();
    expect((await customer(id)).stdout).toMatch(/The link +says “still connecting”/);
    await fill();
    const { stdout } = await customer(id);
    expect(stdout).toMatch(/Subject +nobody: nothing names one/);
    expect(stdout).toMatch(/The link +says “nothing to manage yet”.*--map/);
  });

  it('that the link asks which of several customers is meant', async () => {
    const first = await create({ user_id: 'user_1' });
    const second = await create({ user_id: 'user_1' });
    await fill();
    const { stdout } = await customer('user_1');
    expect(stdout).toContain(`${first.id}, test mode`);
    expect(stdout).toContain(`${second.id}, test mode`);
    expect(stdout).toMatch(/The link +asks which billing account to open/);
  });

  it('that Stripe has deleted the customer', async () => {
    const { id } = await create({ user_id: 'user_1' });
    await fill();
    await workplace.api.customers.del(id);
    expect((await customer(id)).stdout).toMatch(/The link +opens no session/);
    expect((await customer(id, '--sync')).stdout).toMatch(/D1 +marked as deleted on 20/);
  });

  it('nothing of somebody unknown', async () => {
    await create({ user_id: 'user_1' });
    for (const who of ['user_9', 'nobody@example.com', 'imported|9']) {
      const run = await customer(who);
      expect(run).toMatchObject({ status: 2, output: expect.stringContaining('Neither D1 nor') });
    }
  });

  it('nothing with a key of another Stripe account', async () => {
    await createOperatorStore(database).noteAccount('acct_before', false);
    const { id } = await create({ user_id: 'user_1' });
    const run = await customer(id, '--sync');
    expect(run).toMatchObject({ status: 2, output: expect.stringContaining('acct_before') });
    expect(await ofSubject('user_1')).toEqual([]);
  });
});

describe('an operator’s word', () => {
  it('outranks what Stripe says, also after syncs and another fill', async () => {
    const { id } = await create({ user_id: 'user_1' });
    await subscribe(id, { user_id: 'user_2' });
    await fill();
    const mapped = await customer(id, '--map', 'user_3');
    expect(mapped.stdout).toMatch(
      /Subject +user_3, by an operator’s word, which outranks user_1, by the metadata/,
    );
    await customer(id, '--sync');
    await fill('--begin-anew');
    expect(await ofSubject('user_3')).toEqual([id]);
    expect(await ofSubject('user_1')).toEqual([]);
  });

  it('may be that a customer is nobody’s, also after syncs and another fill', async () => {
    const { id } = await create({ user_id: 'user_1' });
    await subscribe(id, { user_id: 'user_1' });
    workplace.stripe.state.completeCheckout({ customer: id, client_reference_id: 'user_1' });
    await fill();
    const run = await customer(id, '--unmap');
    expect(run.stdout).toMatch(/Subject +nobody, by an operator’s word, which outranks user_1/);
    expect(run.stdout).toMatch(/The link +says “nothing to manage yet”/);
    await customer(id, '--sync');
    await fill('--begin-anew');
    await createStores(database).syncs.mapByEmail(id, 'user_1');
    expect(await ofSubject('user_1')).toEqual([]);
    await customer(id, '--map', 'user_1');
    expect(await ofSubject('user_1')).toEqual([id]);
  });

  it('settles a conflict', async () => {
    const { id } = await create();
    await subscribe(id, { user_id: 'user_1' });
    await subscribe(id, { user_id: 'user_2' });
    await customer(id, '--sync');
    const conflicts = async () => (await createOperatorStore(database).overview(false)).conflicts;
    expect(await conflicts()).toBe(1);
    expect((await customer(id)).stdout).toMatch(/Subject +nobody: subscriptions name several/);
    await customer(id, '--map', 'user_2');
    await customer(id, '--sync');
    expect(await conflicts()).toBe(0);
    expect(await ofSubject('user_2')).toEqual([id]);
  });

  it('reads a customer first that D1 does not have', async () => {
    const { id } = await create();
    expect(await customer(id, '--map', 'user_1')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/D1 +Ada, ada@example\.com/),
    });
    expect(await ofSubject('user_1')).toEqual([id]);
  });

  it.each<[string, (id: string) => string[], RegExp]>([
    ['a subject with several customers', () => ['user_1', '--map=x'], /Name one of these: cus_/],
    ['no subject', (id) => [id, '--map='], /--map: name a subject/],
    ['both at once', (id) => [id, '--map=x', '--unmap'], /cannot be used with/],
    ['a customer that Stripe does not have', () => ['cus_nobody', '--map=x'], /no customer cus_no/],
  ])('is refused for %s', async (_what, words, message) => {
    const { id } = await create({ user_id: 'user_1' });
    await create({ user_id: 'user_1' });
    await fill();
    const run = await customer(...words(id));
    expect(run).toMatchObject({ status: 2, output: expect.stringMatching(message) });
    expect(await ofSubject('x')).toEqual([]);
  });

  it('is written to the database at Cloudflare with --remote', async () => {
    const { sqlite } = workplace.cloudflare.createDatabase('portal-link');
    for (const statement of migrations()) sqlite.exec(statement);
    const { id } = await create({ user_id: 'user_1' });
    const given = { STRIPE_SECRET_KEY: workplace.key };
    const map = ['customer', id, '--map', "O'Hara", '--remote'];
    expect(await workplace.run(map, given)).toMatchObject({ status: 0 });
    await workplace.run(['customer', id, '--sync', '--remote'], given);
    expect(sqlite.prepare('select subject, evidence from customers').all()).toEqual([
      { subject: "O'Hara", evidence: 80 },
    ]);
  });
});
