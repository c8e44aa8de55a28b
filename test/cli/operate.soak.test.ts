import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { VERSION } from '../../src/version.ts';
import { historyOf } from '../cloudflare/history.ts';
import { openProduction, outcomes, WORKER, type Production } from './production.ts';
import { runDeployed } from './run-deployed.ts';
import { ADDRESS, LIVE_KEY } from './workplace.ts';

// The commands are those of the page, in its order: what it says has been tried.
const page = readFileSync('src/cli/OPERATE.md', 'utf8');

/** The commands of a section, without `npm run` and `npx`. */
function commandsOf(heading: string): string[] {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return [...own.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, text = '']) =>
    text.trim().split('\n'),
  );
}

/** The words of a command, as a shell takes them apart. */
const wordsOf = (command: string) =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

type Said = { status: number; output: string };

let production: Production;
const LINK_SECRET = 'a secret of thirty-two characters';

beforeAll(async () => {
  production = await openProduction();
  const made = await production.setup({ LINK_SECRET });
  expect(made).toMatchObject({ status: 0 });
});
afterAll(async () => production.close());

/** What stands for the page's placeholders, and what is typed where a command asks. */
type Given = { instead?: Record<string, string>; typed?: string; key?: string };

/** Runs one command of the page. */
async function run(command: string, { instead = {}, typed, key }: Given = {}): Promise<Said> {
  const filled = Object.entries({ 'https://your-site.example': ADDRESS, ...instead }).reduce(
    (text, [placeholder, value]) => text.replaceAll(placeholder, value),
    command,
  );
  const [program, ...words] = wordsOf(filled);
  const environment = { STRIPE_SECRET_KEY: key ?? production.key };
  if (program === 'npm' && words[0] === 'run') {
    const args = words.slice(1).filter((word) => word !== '--');
    const yes = args[0] === 'setup' ? ['--yes'] : [];
    return production.run([...args, ...yes], environment);
  }
  if (program !== 'npx') throw new Error(`Not a command of this repository: ${command}`);
  const { shell } = production.createShell();
  const result = await shell.wrangler(words.slice(1), typed);
  return { status: result.status, output: result.stdout + result.stderr };
}

/** Runs the commands of a section, and says what each of them did. */
async function follow(heading: string, given: Given = {}): Promise<Said[]> {
  const all = [];
  for (const command of commandsOf(heading)) {
    if (/^(?:git|npm ci)/.test(command)) continue;
    all.push(await run(command, given));
  }
  return all;
}

/** What the deployed Worker says of itself. */
const say = (changes: object) =>
  production.answerHealth({
    status: 'ok',
    version: VERSION,
    mode: 'test',
    last_run: new Date().toISOString(),
    first_fill: 'complete',
    backlog: { customers: 0, failing: 0, seconds: 0 },
    ...changes,
  });

/** Runs the code that is deployed, and lets /healthz say what it says. */
async function letDeployedCodeSay(): Promise<void> {
  const deployed = await runDeployed(production.script()!, {}, new URL(ADDRESS).host);
  try {
    const response = await deployed.visit(`${ADDRESS}/healthz`);
    production.answerHealth(await response.json());
  } finally {
    await deployed.close();
  }
}

beforeEach(() => say({}));
afterEach(() => vi.restoreAllMocks());

const history = () => historyOf(production.cloudflare, WORKER);
const sqlite = (name = WORKER) => production.cloudflare.databases.get(name)!.sqlite;
const rows = (text: string, ...values: string[]) =>
  sqlite()
    .prepare(text)
    .all(...values);
const create = async (subject: string, email = `${subject}@example.com`) =>
  production.api.customers.create({ name: 'Ada', email, metadata: { user_id: subject } });
const last = (said: Said[]) => said.at(-1)!;

describe('the runbook', () => {
  it('deploys, and doctor finds nothing broken', async () => {
    const said = await follow('Deploy');
    expect(said.map(({ status }) => status)).toEqual([1, 0, 1]);
    expect(last(said).output).toContain(`${VERSION}, that of this checkout`);
  });

  it('rolls back a deploy that doctor fails', async () => {
    const before = history().deployments[0]!.version;
    production.configure({ BRAND_COLOR: 'blue' });
    expect(await run('npx wrangler deploy')).toMatchObject({ status: 0 });
    expect(history().deployments[0]!.version.id).not.toBe(before.id);
    await letDeployedCodeSay();
    const broken = await run('npm run doctor -- --remote --url https://your-site.example');
    expect(broken).toMatchObject({ status: 3 });
    expect(broken.output).toContain('BRAND_COLOR: ');

    const [list, rollback] = await follow('Roll back');
    expect(list!.output).toContain(before.id);
    expect(rollback).toMatchObject({ status: 0 });
    expect(rollback!.output).toContain(`Worker Version ${before.id} has been deployed to 100%`);
    expect(history().deployments[0]!.version).toBe(before);
    production.configure({ BRAND_COLOR: '' });
    await letDeployedCodeSay();
    const after = await run('npm run doctor -- --remote --url https://your-site.example');
    expect(after).toMatchObject({ status: 1 });
    expect(after.output).toContain(`${VERSION}, that of this checkout`);
  });

  it('brings a version’s own secrets back with it, and names those that have changed', async () => {
    const [first] = commandsOf('Rotate a secret');
    const old = production.secrets()['STRIPE_WEBHOOK_SECRET']!;
    await run(first!, { typed: `whsec_new000000000,${old}` });
    const [, rollback] = await follow('Roll back');
    expect(rollback!.output).toContain('STRIPE_WEBHOOK_SECRET');
    expect(production.secrets()['STRIPE_WEBHOOK_SECRET']).toBe(old);
    // Code is where it was: the secret had been a deployment of its own.
    expect(await run(first!, { typed: `whsec_new000000000,${old}` })).toMatchObject({ status: 0 });
    expect(production.secrets()['STRIPE_WEBHOOK_SECRET']).toBe(`whsec_new000000000,${old}`);
    await run(first!, { typed: old });
  });

  it('upgrades', async () => {
    say({ version: '0.1.0' });
    const before = history().deployments.length;
    const said = await follow('Upgrade');
    expect(said.map(({ status }) => status)).toEqual([1, 0, 0, 1]);
    // Setup deploys in place of the older release, and then `deploy` does.
    expect(history().deployments).toHaveLength(before + 2);
    expect(said[0]!.output).toContain('.github/RELEASES.md from 0.1.0 on');
  });

  it('restores D1: revocations are gone, and LINK_SECRET is another', async () => {
    const { id } = await create('restored');
    await run('npm run fill -- --remote');
    const [secret, info, restore, deploy, doctor] = commandsOf('Restore D1');
    expect(await run(info!)).toMatchObject({ status: 0 });
    const timestamp = new Date().toISOString();
    await run(`npm run link -- --revoke --customer ${id} --remote`);
    await run(`npm run customer -- ${id} --map somebody --remote`);
    expect(rows('select id from link_revocations where id = ?', id)).toHaveLength(1);

    const replaced = 'another secret of thirty-two characters';
    expect(await run(secret!, { typed: replaced })).toMatchObject({ status: 0 });
    expect(production.secrets()['LINK_SECRET']).toBe(replaced);
    const restored = await run(restore!, { instead: { '2026-11-27T12:00:00Z': timestamp } });
    expect(restored.output).toContain('To undo this operation');
    expect(rows('select id from link_revocations where id = ?', id)).toEqual([]);
    expect(rows('select subject from customers where id = ?', id)).toEqual([
      { subject: 'restored' },
    ]);
    expect(await run(deploy!)).toMatchObject({ status: 0 });
    expect((await run(doctor!)).status).toBeLessThan(2);
  });

  it('rotates a secret, with the old value beside the new one', async () => {
    const [put, doctor] = commandsOf('Rotate a secret');
    const old = production.secrets()['STRIPE_WEBHOOK_SECRET']!;
    const both = `whsec_new000000000,${old}`;
    expect(await run(put!, { typed: both })).toMatchObject({ status: 0 });
    expect(production.secrets()['STRIPE_WEBHOOK_SECRET']).toBe(both);
    expect((await run(doctor!)).status).toBeLessThan(2);
    await run(put!, { typed: old });
  });

  it('erases a person from D1', async () => {
    const { id } = await create('forgotten', 'forgotten@example.com');
    await run('npm run fill -- --remote --begin-anew');
    const [show, revoke, sync, remove] = commandsOf('Erase a person');
    const instead = { 'person@example.com': 'forgotten@example.com', 'cus_…': id };
    expect((await run(show!, { instead })).output).toContain(id);
    expect(await run(revoke!, { instead })).toMatchObject({ status: 0 });
    await production.api.customers.del(id);
    expect(await run(sync!, { instead })).toMatchObject({ status: 0 });
    expect(rows('select name, email, subject from customers where id = ?', id)).toEqual([
      { name: null, email: null, subject: 'forgotten' },
    ]);
    expect(await run(remove!, { instead })).toMatchObject({ status: 0 });
    expect(rows('select id from customers where id = ?', id)).toEqual([]);
    expect(rows('select id from subscriptions where customer_id = ?', id)).toEqual([]);
  });

  it('answers somebody who reads that they have bought nothing', async () => {
    const { id } = await production.api.customers.create({ email: 'case@example.com' });
    await run('npm run fill -- --remote --begin-anew');
    const [show, map] = commandsOf('A support case');
    const instead = { 'person@example.com': 'case@example.com', 'cus_…': id, SUBJECT: 'user_7' };
    expect((await run(show!, { instead })).output).toContain('nobody');
    const mapped = await run(map!, { instead });
    expect(mapped.output).toContain('opens the portal');
  });

  it('lets two operators fill at once, and notices two endpoints', async () => {
    for (let number = 0; number < 250; number += 1) {
      production.stripe.create('/v1/customers', { metadata: { user_id: `both ${number}` } });
    }
    const fill = 'npm run fill -- --remote';
    const said = await Promise.all([run(`${fill} --begin-anew`), run(fill)]);
    expect(said.map(({ status }) => status)).toEqual([0, 0]);
    const known = rows(
      `select count(distinct subject) as n from customers where subject glob 'both *'`,
    );
    expect(known).toEqual([{ n: 250 }]);

    const url = `${ADDRESS}/api/stripe/webhook`;
    const second = await production.api.webhookEndpoints.create({ url, enabled_events: ['*'] });
    expect(outcomes(await production.doctor())['webhook_endpoint']).toBe('warning');
    await production.api.webhookEndpoints.del(second.id);
    expect(outcomes(await production.doctor())['webhook_endpoint']).toBe('ok');
  });

  it('goes from test to live, in the same database', async () => {
    // A live key is sent to Stripe alone, whose host leads to the stand-in here.
    production.configure({ STRIPE_API_BASE: '' });
    const real = globalThis.fetch;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const { href } = new URL(input instanceof Request ? input.url : input);
      const there = href.replace('https://api.stripe.com', production.origin);
      return real(input instanceof Request ? new Request(there, input) : there, init);
    });
    const said = await follow('From test to live', { key: LIVE_KEY });
    expect(said.map(({ status }) => status)).toEqual([0, 0, 1]);
    expect(production.secrets()['STRIPE_SECRET_KEY']).toBe(LIVE_KEY);
    expect(last(said).output).toContain('The Worker’s key is a test key; the one here is not.');
  });
});

describe('the runbook, at the end,', () => {
  it('moves to another Stripe account, with a database of its own', async () => {
    const { stripe, configure, edit, origin } = production;
    configure({ STRIPE_API_BASE: origin });
    edit('wrangler.toml', {
      d1_databases: [
        { binding: 'DB', database_name: 'portal-link-2', migrations_dir: 'migrations' },
      ],
    });
    Object.assign(stripe.state, { account: 'acct_another' });
    for (const objects of [stripe.state.webhookEndpoints, stripe.state.configurations]) {
      objects.clear();
    }
    const before = production.secrets()['LINK_SECRET'];
    const said = await follow('Move to another Stripe account', {
      typed: 'a third secret of thirty-two characters',
    });
    expect(said.map(({ status }) => status)).toEqual([0, 0, 0, 1]);
    expect(production.secrets()['LINK_SECRET']).not.toBe(before);
    expect([...production.cloudflare.databases.keys()]).toEqual([WORKER, 'portal-link-2']);
    expect(production.endpoints()).toHaveLength(1);
  });

  it('uninstalls', async () => {
    const said = await follow('Uninstall');
    expect(said.map(({ status }) => status)).toEqual([0, 0]);
    expect([...production.cloudflare.scripts.keys()]).toEqual([]);
    expect([...production.cloudflare.databases.keys()]).toEqual(['portal-link-2']);
  });
});
