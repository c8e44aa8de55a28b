import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectToCloudflare } from '../../src/cli/cloudflare/api.ts';
import { description, openDatabase } from '../../src/cli/d1/open.ts';
import { readTarget } from '../../src/cli/target.ts';
import type { Wrangler } from '../../src/cli/wrangler.ts';
import { createOperatorStore } from '../../src/customers/stores/operator.ts';
import type { List } from '../../src/customers/stores/cursors.ts';
import { createStores } from '../../src/customers/stores/index.ts';
import type { Database } from '../cloudflare/account.ts';
import { migrate } from './local-database.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

let workplace: Workplace;
let atCloudflare: Database;
let database: D1Database;
beforeAll(async () => {
  workplace = await openWorkplace();
  // Cloudflare finds this one as well when it is asked for the other's name.
  workplace.cloudflare.createDatabase('portal-link-staging');
  atCloudflare = workplace.cloudflare.createDatabase('portal-link');
  database = await opened();
  await migrate(database);
});
afterAll(async () => workplace.close());

const target = () => readTarget(workplace.directory, {}, { remote: true });

async function opened(given: Record<string, string> = {}) {
  const { shell } = workplace.createShell(given);
  const found = await openDatabase(shell, target());
  if (found.kind !== 'open') throw new Error('There is no such database.');
  return found.database;
}

const rows = (statement: string) => atCloudflare.sqlite.prepare(statement).all();

describe('a D1 at Cloudflare', () => {
  beforeEach(() => atCloudflare.sqlite.exec('delete from customers; delete from cursors'));

  const odd = `O'Hara"; drop table customers; --\n/*?*/ é🙂`;

  it('serves the Worker’s own store: what it writes, it finds', async () => {
    const { customers, syncs, cursors } = createStores(database);
    const [ticket] = await syncs.takeTickets(['cus_1'], false, new Date());
    const state = {
      kind: 'living' as const,
      id: 'cus_1',
      subject: odd,
      email: 'a@example.com',
      name: null,
      livemode: false,
      createdAt: 7,
      subscriptions: [],
    };
    await syncs.write([{ ...state, ticket: ticket!.ticket }], new Date());
    expect(await customers.findBySubjects([odd], false, 'nearest')).toEqual([
      {
        id: 'cus_1',
        subject: odd,
        email: 'a@example.com',
        name: null,
        subscriptions: [],
        isSynced: true,
        isRead: true,
        syncedAt: expect.any(Number),
      },
    ]);
    expect(await customers.findByIds(['cus_1', 'cus_2'], true, 'primary')).toEqual([]);
    const moved: [List, string][] = [
      ['customers', 'done'],
      ['checkouts', 'cs_1'],
    ];
    await cursors.move(moved, false);
    expect(await cursors.read(false)).toEqual(new Map(moved));
    expect(await createOperatorStore(database).overview(false)).toEqual({
      customers: 1,
      mapped: 1,
      unsynced: 0,
      conflicts: 0,
    });
  });

  it('makes all changes of a batch or none', async () => {
    const add = database.prepare('insert into cursors (name, value) values (?, ?)');
    const wrong = database.prepare('insert into cursors (name) values (?)').bind('b');
    await expect(database.batch([add.bind('a', '1'), wrong])).rejects.toThrow(/NOT NULL/);
    expect(rows('select * from cursors')).toEqual([]);
    const [first, second] = await database.batch([
      add.bind('a', '1'),
      database.prepare('select value from cursors'),
    ]);
    expect(first).toMatchObject({ success: true, results: [], meta: { changes: 1 } });
    expect(second).toMatchObject({ results: [{ value: '1' }] });
  });

  it('returns a first row, a column of it, or nothing, and rows without names', async () => {
    const select = database.prepare('select name, value from cursors order by name');
    expect(await select.first()).toBeNull();
    await database.exec("insert into cursors values ('a', '1'), ('b', '2')");
    expect(await select.first()).toEqual({ name: 'a', value: '1' });
    expect(await select.first('value')).toBe('1');
    expect(await select.raw({ columnNames: true })).toEqual([
      ['name', 'value'],
      ['a', '1'],
      ['b', '2'],
    ]);
  });

  it('compares numbers as numbers, though the API binds them as text', async () => {
    const text = `select max(?, 7) > ? as larger, '?' as mark, -? as minus, ?4 || ?4 as twice -- ?`;
    const row = await database.prepare(text).bind(9, 8, 3, 'ab').first();
    expect(row).toEqual({ larger: 1, mark: '?', minus: -3, twice: 'abab' });
  });

  it('fails as the binding does when a statement is wrong', async () => {
    const wrong = database.prepare('select * from nowhere');
    await expect(wrong.all()).rejects.toThrow(/^D1_ERROR: no such table: nowhere/);
    const unbound = database.prepare('select ?');
    await expect(unbound.all()).rejects.toThrow(/^D1_ERROR: Wrong number/);
    await expect(createOperatorStore(database).customer('cus_1')).resolves.toBe('unknown');
  });

  it('tells the operator of an outage, not of a faulty statement', async () => {
    workplace.cloudflare.failing = /query$/;
    await expect(database.prepare('select 1').all()).rejects.toThrow(/unknown error.*10013/);
    workplace.cloudflare.failing = undefined;
  });
});

describe('finding the database', () => {
  const words = (given: Record<string, string> = {}) =>
    opened(given).then(
      () => 'found',
      (error: Error) => error.message,
    );

  it('refuses a token that Cloudflare does not know, without showing it', async () => {
    const message = await words({ CLOUDFLARE_API_TOKEN: 'a-wrong-token' });
    expect(message).toMatch(/Authentication error \(10000\).*D1 → Edit/);
    expect(message).not.toContain('a-wrong-token');
  });

  it('refuses an id in wrangler.toml that the account does not have', async () => {
    const binding = { binding: 'DB', database_name: 'portal-link' };
    const id = (database_id: string) =>
      workplace.edit('wrangler.toml', { d1_databases: [{ ...binding, database_id }] });
    id('no-such-id');
    expect(await words()).toMatch(/no D1 database no-such-id.*database_id/);
    id(atCloudflare.uuid);
    expect(await words()).toBe('found');
    workplace.edit('wrangler.toml', { d1_databases: [binding] });
  });

  it('says that the API cannot be reached, or is not Cloudflare’s', async () => {
    const at = async (base: string) => words({ CLOUDFLARE_API_BASE_URL: base });
    expect(await at('http://127.0.0.1:9')).toContain('cannot be reached');
    expect(await at(workplace.origin)).toMatch(/answered 40\d in an unknown form/);
  });
});

describe('without CLOUDFLARE_API_TOKEN', () => {
  /** Connects with what wrangler knows: its own answers, in the form of 4.155. */
  const connect = async (answers: Record<string, unknown>, accountId?: string) => {
    const asked: string[] = [];
    const wrangler: Wrangler = async (args) => {
      const command = args.filter((word) => !word.startsWith('--')).join(' ');
      asked.push(command);
      const answer = answers[command];
      const stdout = answer === undefined ? '' : `A notice.\n${JSON.stringify(answer, null, 2)}\n`;
      return { status: answer === undefined ? 1 : 0, stdout, stderr: '' };
    };
    const { CLOUDFLARE_API_BASE_URL } = workplace.environment;
    const environment = { CLOUDFLARE_API_BASE_URL } as unknown as NodeJS.ProcessEnv;
    const { api } = await connectToCloudflare(
      { environment, wrangler, wait: async () => {} },
      accountId,
    );
    return { api, asked };
  };
  const token = () => ({ type: 'oauth', token: workplace.cloudflare.token });
  const account = () => ({ id: workplace.cloudflare.id, name: 'Shop' });

  it('uses wrangler’s sign-in and its only account', async () => {
    const { api, asked } = await connect({
      'auth token': token(),
      whoami: { loggedIn: true, accounts: [account()] },
    });
    const path = `/d1/database/${atCloudflare.uuid}`;
    expect(await api(path, description)).toMatchObject({ name: 'portal-link' });
    expect(asked).toEqual(['auth token', 'whoami']);
  });

  it('prefers the account of wrangler.toml', async () => {
    const { asked } = await connect({ 'auth token': token() }, workplace.cloudflare.id);
    expect(asked).toEqual(['auth token']);
  });

  it('asks for a choice between several accounts', async () => {
    const accounts = [account(), { id: 'another', name: 'Other' }];
    await expect(
      connect({ 'auth token': token(), whoami: { loggedIn: true, accounts } }),
    ).rejects.toThrow(/account_id.*another \(Other\)/);
  });

  it('says how to sign in', async () => {
    await expect(connect({})).rejects.toThrow(/not signed in.*wrangler login/);
  });
});
