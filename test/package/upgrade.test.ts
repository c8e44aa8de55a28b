import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Health } from '../../src/http/answers.ts';
import type { Database } from '../cloudflare/account.ts';
import { Deployed } from './deployed.ts';
import { serveLoopback } from './loopback.ts';
import { openFolder, type Folder } from './operator.ts';
import { NEXT_MIGRATION } from './pack.ts';
import { serveRegistry } from './registry.ts';
import { KEY, serveWorld, WEBHOOK_SECRET, type World } from './world.ts';

const ADDRESS = 'https://billing.example.com';
const PEOPLE = 20;
const [packed, next] = [inject('packed'), inject('next')];

let world: World;
let registry: Awaited<ReturnType<typeof serveRegistry>>;
let folder: Folder;
let deployed: Deployed;
let database: Database;
let edge: Awaited<ReturnType<typeof serveLoopback>>;
/** What the operator's commands run with. */
let environment: Record<string, string>;

beforeAll(async () => {
  [world, registry] = await Promise.all([serveWorld(), serveRegistry()]);
  registry.publish(packed);
  folder = openFolder(inject('installed').directory);
  folder.configure({ ...world.settings, PUBLIC_ORIGIN: ADDRESS });

  database = world.cloudflare.createDatabase('portal-link');
  deployed = new Deployed(folder, database);
  await deployed.open();
  const secrets = { STRIPE_SECRET_KEY: KEY, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET };
  world.cloudflare.createWorker('portal-link', secrets);
  edge = await serveLoopback(async ({ url }) => {
    // fetch has decompressed the body, which a header of the answer does not know.
    const { status, body } = await deployed.fetch(new URL(url).pathname);
    return new Response(body, { status });
  });
  environment = {
    ...world.signedIn,
    STRIPE_SECRET_KEY: KEY,
    NODE_OPTIONS: `--import ${join(import.meta.dirname, 'at-loopback.ts')}`,
    PUBLIC_ADDRESS: ADDRESS,
    ANSWERS_AT: edge.origin,
  };
});
afterAll(async () => {
  await deployed?.close();
  edge?.close();
  world?.close();
  registry?.close();
  folder?.close();
});

const script = () => world.cloudflare.scripts.get('portal-link')!;
const rows = () => database.sqlite.prepare('select id, subject from customers order by id').all();
const version = async () => {
  const answer = await deployed.fetch('/healthz');
  return (await answer.json<Health>()).version;
};

it('npm update and a deploy bring the next release, and no visitor notices', async () => {
  await folder.succeed('npx portal-link deploy', environment);
  await deployed.serve(script());
  for (let number = 0; number < PEOPLE; number += 1) {
    const metadata = { user_id: number === 0 ? 'ada' : `user_${number}` };
    await world.api.customers.create({ email: 'somebody@example.com', metadata });
  }
  await folder.succeed('npx portal-link fill --remote', environment);
  const before = rows();
  expect(before).toHaveLength(PEOPLE);
  expect(await version()).toBe(packed.version);

  const visits = await visitUntilDone(async () => {
    registry.publish(next);
    await folder.succeed('npm update', registry.environment);
    const output = await folder.succeed('npx portal-link deploy', environment);
    expect(output).toContain(`${packed.version} is deployed, and this is ${next.version}.`);
    expect(output).toMatch(new RegExp(`^${next.version}\\n  A column that nobody reads yet$`, 'm'));
    expect(output).not.toContain(`\n${packed.version}\n`);
    expect(output).toContain(NEXT_MIGRATION);
    // The tables are those of the next release, and the Worker is still the one before.
    expect(await version()).toBe(packed.version);
    await deployed.serve(script());
  });

  expect(visits.filter((outcome) => !outcome.startsWith(`303 ${world.origin}`))).toEqual([]);
  expect(visits.length).toBeGreaterThan(100);
  expect(await version()).toBe(next.version);
  expect(rows()).toEqual(before);
  const columns = database.sqlite.prepare('pragma table_info(customers)').all();
  expect(columns.map(({ name }) => name)).toContain('next_release');
});

/** Follows the link again and again until `work` is done, and a little longer. */
async function visitUntilDone(work: () => Promise<void>): Promise<string[]> {
  const authorization = `Bearer ${await world.tokenFor('ada')}`;
  const outcomes: string[] = [];
  let left = Number.POSITIVE_INFINITY;
  const visiting = (async () => {
    for (; left > 0; left -= 1) {
      const { status, headers } = await deployed.fetch('/billing/manage', { authorization });
      outcomes.push(`${status} ${headers.get('location')}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  try {
    await work();
  } finally {
    left = 20;
    await visiting;
  }
  return outcomes;
}
