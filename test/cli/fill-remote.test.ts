import { describe, expect, it } from 'vitest';
import { createCustomers, fill, subscribe } from './filling.ts';
import { migrations } from './local-database.ts';
import { useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { fillIn } from './workplace.ts';

useWorkplaceWithD1(fillIn);

describe('at Cloudflare', () => {
  const remote = async () => fill('--remote');
  const create = () => {
    const { sqlite } = workplace.cloudflare.createDatabase('portal-link');
    for (const statement of migrations()) sqlite.exec(statement);
    return sqlite;
  };

  it('says what is missing', async () => {
    expect((await remote()).output).toMatch(/no D1 database portal-link.*setup -- --remote/);
    workplace.cloudflare.createDatabase('portal-link');
    expect((await remote()).output).toMatch(/D1 lacks tables.*setup -- --remote/);
  });

  it('ranks evidence as the Worker does, though the query API binds numbers as text', async () => {
    const sqlite = create();
    const early = await workplace.api.customers.create({ metadata: { user_id: 'customer' } });
    await subscribe(early.id, { user_id: 'subscription' });
    createCustomers(100);
    expect(await remote()).toMatchObject({ status: 0 });
    const row = sqlite
      .prepare('select subject, evidence from customers where id = ?')
      .get(early.id);
    expect(row).toEqual({ subject: 'customer', evidence: 70 });
  });

  it('waits as long as Cloudflare asks when there were too many requests', async () => {
    create();
    createCustomers(2);
    workplace.cloudflare.refusals = 1;
    expect(await remote()).toMatchObject({ status: 0 });
    expect(workplace.waits).toContain(12_000);
  });
});
