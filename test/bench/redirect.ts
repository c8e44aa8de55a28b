import assert from 'node:assert/strict';
import { build, load, type Handler } from './build.ts';
import { interleave, ratio, summarise } from './measure.ts';
import type { Group, Row } from './report.ts';
import { compareAnswers } from './same-answers.ts';
import { context, createStubs, visit, type Algorithm, type Stubs } from './stubs.ts';

const NAMES = ['floor', 'floor-with-client', 'worker', 'usual'] as const;
const TITLES = {
  floor: 'floor',
  'floor-with-client': 'floor with Stripe’s client',
  worker: 'portal-link',
  usual: 'the usual way',
};
const REQUESTS = 100;
const WARM_UP = 150;
const ROUNDS = 120;

type Name = (typeof NAMES)[number];
type Handlers = Record<Name, Handler>;
type Times = Record<Name, number[]>;

/** The handlers' own time of a redirect: Stripe and D1 answer at once. */
export async function redirect(): Promise<Group> {
  await Promise.all(NAMES.map(async (name) => build(name)));
  const stubs = await createStubs();
  // One line each is written, to nowhere.
  const write = console.info;
  console.info = () => {};
  const rows: Row[] = [];
  for (const algorithm of ['HS256', 'ES256'] as const) {
    const handlers = await loadAll(algorithm);
    for (const floor of await floorsOf(handlers, algorithm)) {
      await compareAnswers(floor, handlers.worker, algorithm, stubs);
    }
    await countSubrequests(handlers.worker, algorithm, stubs);
    rows.push(...compare(algorithm, await timeAll(handlers, algorithm, stubs)));
    if (algorithm === 'HS256') {
      rows.push(...compare('code alone', await timeCode(handlers, algorithm, stubs)));
    }
  }
  stubs.restore();
  console.info = write;
  return { name: 'Own time of a redirect (in process, Stripe and D1 answer at once)', rows };
}

async function loadAll(algorithm: Algorithm): Promise<Handlers> {
  const loaded = NAMES.map(async (name) => [name, await load(name, algorithm)] as const);
  return Object.fromEntries(await Promise.all(loaded)) as Handlers;
}

/** All that are to answer as the Worker does. That with our packages takes HS256 only. */
async function floorsOf(handlers: Handlers, algorithm: Algorithm): Promise<Handler[]> {
  const floors = [handlers.floor, handlers['floor-with-client']];
  if (algorithm !== 'HS256') return floors;
  await build('floor-with-packages');
  return [...floors, await load('floor-with-packages', algorithm)];
}

/**
 * Without the wait for the thread that Node verifies signatures on, the same for all. Workers
 * verify on the thread of the request: what a redirect is billed for is nearer to this.
 */
async function timeCode(handlers: Handlers, algorithm: Algorithm, stubs: Stubs): Promise<Times> {
  const { subtle } = crypto;
  const verify = subtle.verify.bind(subtle);
  subtle.verify = async () => true;
  const times = await timeAll(handlers, algorithm, stubs);
  subtle.verify = verify;
  return times;
}

async function timeAll(handlers: Handlers, algorithm: Algorithm, stubs: Stubs): Promise<Times> {
  const env = envs.get(algorithm) ?? stubs.env(algorithm);
  envs.set(algorithm, env);
  const token = await stubs.token(algorithm);
  const timed = (name: Name) => async () => {
    const requests = Array.from({ length: REQUESTS }, () => visit(token));
    const began = performance.now();
    for (const request of requests) await handlers[name].fetch(request, env, context);
    return ((performance.now() - began) * 1000) / REQUESTS;
  };
  const subjects = Object.fromEntries(NAMES.map((name) => [name, timed(name)]));
  return (await interleave(subjects, ROUNDS, WARM_UP)) as Times;
}

// As in an isolate, `env` stays the same object.
const envs = new Map<Algorithm, ReturnType<Stubs['env']>>();

function compare(what: string, times: Times): Row[] {
  const row = (name: Name, to?: Name): Row => ({
    what: `${what}: ${TITLES[name]}`,
    value: summarise(times[name]),
    unit: 'µs',
    ...(to && { ratio: ratio(times[name], times[to]), to: TITLES[to] }),
  });
  return [
    row('floor'),
    row('floor-with-client', 'floor'),
    row('worker', 'floor'),
    row('worker', 'floor-with-client'),
    row('usual', 'floor'),
    row('usual', 'worker'),
  ];
}

async function countSubrequests(
  worker: Handler,
  algorithm: Algorithm,
  { env, token, calls, queries }: Stubs,
): Promise<void> {
  const before = { ...calls, ...queries };
  await worker.fetch(visit(await token(algorithm)), env(algorithm), context);
  assert.equal(queries.queries - before.queries, 1, 'one D1 query');
  assert.equal(calls.stripe - before.stripe, 1, 'one request to Stripe');
}
