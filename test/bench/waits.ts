import { setTimeout as sleep } from 'node:timers/promises';
import { build, load } from './build.ts';
import { number, summarise } from './measure.ts';
import type { Group, Row } from './report.ts';
import { context, createStubs, visit, type Stubs } from './stubs.ts';

const FAR = [20, 80, 200];
const REDIRECTS = 9;

type Distance = { provider: number; database: number; stripe: number };

/** What a redirect waits for, by how far away that is: round trips of so many milliseconds. */
export async function waits(): Promise<Group> {
  await build('worker');
  const stubs = await createStubs();
  const write = console.info;
  console.info = () => {};
  const rows: Row[] = [];
  for (const far of FAR) {
    const all = { provider: far, database: far, stripe: far };
    rows.push({
      what: `everything ${far} ms away: nobody has asked the provider`,
      ...(await time('cold', all, stubs)),
    });
    rows.push({
      what: `everything ${far} ms away: the keys are there`,
      ...(await time('warm', all, stubs)),
    });
    // Beside D1 the Worker is as far from the visitor as D1 was from the Worker.
    const beside = await time('warm', { ...all, database: 1 }, stubs);
    rows.push({
      what: `${far} ms, placed beside D1, Stripe as far as before`,
      value: beside.value + far,
      unit: 'ms',
    });
    const near = await time('warm', { ...all, database: 1, stripe: 20 }, stubs);
    rows.push({
      what: `${far} ms, placed beside D1, Stripe then 20 ms away`,
      value: near.value + far,
      unit: 'ms',
    });
  }
  stubs.restore();
  console.info = write;
  return { name: 'Waits (simulated round trips; the visitor is beside the Worker)', rows };
}

async function time(
  state: 'cold' | 'warm',
  { provider, database, stripe }: Distance,
  stubs: Stubs,
): Promise<{ value: number; unit: string }> {
  const token = await stubs.token('ES256');
  const answer = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    await sleep(address.includes('stripe.com') ? stripe : provider);
    return answer(input, init);
  };
  const env = () => delayed(stubs.env('ES256'), database);
  const worker = await load('worker', `waits-${state}`);
  const warm = env();
  await (await worker.fetch(visit(token), warm, context)).text();
  const times: number[] = [];
  for (let redirect = 0; redirect < number(REDIRECTS, 1); redirect += 1) {
    const began = performance.now();
    await worker.fetch(visit(token), state === 'warm' ? warm : env(), context);
    times.push(performance.now() - began);
  }
  globalThis.fetch = answer;
  return { value: summarise(times).median, unit: 'ms' };
}

type Env = ReturnType<Stubs['env']>;

/** The stub of D1, so many milliseconds away. */
function delayed(env: Env, milliseconds: number): Env {
  const { all, ...others } = env.DB.prepare().bind('ada');
  const statement = {
    bind: () => ({
      ...others,
      all: async () => {
        await sleep(milliseconds);
        return all();
      },
    }),
  };
  const database: Env['DB'] = { prepare: () => statement, withSession: () => database };
  return { ...env, DB: database };
}
