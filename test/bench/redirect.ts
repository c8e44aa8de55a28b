import assert from 'node:assert/strict';
import { build, load, type Handler } from './build.ts';
import { interleave, ratio, summarise } from './measure.ts';
import type { Group, Row } from './report.ts';
import { context, createStubs, visit, type Algorithm } from './stubs.ts';

const ROUNDS = 120;
const WARM_UP = 15;
const REQUESTS = 100;
const NAMES = ['floor', 'floor-with-client', 'worker', 'usual'] as const;

type Stubs = Awaited<ReturnType<typeof createStubs>>;

/** The handlers' own time of a redirect: Stripe and D1 answer at once. */
export async function redirect(): Promise<Group> {
  await Promise.all(NAMES.map(async (name) => build(name)));
  const stubs = await createStubs();
  // One line each is written, to nowhere.
  const write = console.info;
  console.info = () => {};
  const rows: Row[] = [];
  for (const algorithm of ['HS256', 'ES256'] as const) {
    const [floor, floorWithClient, worker, usual] = await Promise.all(
      NAMES.map(async (name) => load(name, algorithm)),
    );
    await compareAnswers(floor!, worker!, algorithm, stubs);
    await countSubrequests(worker!, algorithm, stubs);
    const times = await interleave(
      {
        floor: async () => timeRound(floor!, algorithm, stubs),
        floorWithClient: async () => timeRound(floorWithClient!, algorithm, stubs),
        worker: async () => timeRound(worker!, algorithm, stubs),
        usual: async () => timeRound(usual!, algorithm, stubs),
      },
      ROUNDS,
      WARM_UP,
    );
    const row = (what: string, values: number[], base: number[], to: string): Row => ({
      what: `${algorithm}, ${what}`,
      value: summarise(values),
      unit: 'µs',
      ratio: ratio(values, base),
      to,
    });
    rows.push({ what: `${algorithm}, floor`, value: summarise(times.floor), unit: 'µs' });
    const client = 'floor with Stripe’s client';
    rows.push(row(client, times.floorWithClient, times.floor, 'floor'));
    rows.push(row('portal-link', times.worker, times.floor, 'floor'));
    rows.push(row('portal-link', times.worker, times.floorWithClient, client));
    rows.push(row('the usual way', times.usual, times.floor, 'floor'));
    rows.push(row('the usual way', times.usual, times.worker, 'portal-link'));
  }
  stubs.restore();
  console.info = write;
  return { name: 'Own time of a redirect (in process, Stripe and D1 answer at once)', rows };
}

async function timeRound(handler: Handler, algorithm: Algorithm, stubs: Stubs): Promise<number> {
  const env = envs.get(algorithm) ?? stubs.env(algorithm);
  envs.set(algorithm, env);
  const token = await stubs.token(algorithm);
  const requests = Array.from({ length: REQUESTS }, () => visit(token));
  const began = performance.now();
  for (const request of requests) await handler.fetch(request, env, context);
  return ((performance.now() - began) * 1000) / REQUESTS;
}

// As in an isolate, `env` stays the same object.
const envs = new Map<Algorithm, ReturnType<Stubs['env']>>();

/** The floor is honest: whatever is timed, and whatever is refused, it answers as the Worker does. */
async function compareAnswers(
  floor: Handler,
  worker: Handler,
  algorithm: Algorithm,
  { env, token }: Stubs,
): Promise<void> {
  const settings = env(algorithm);
  const good = await token(algorithm);
  const [head, , signature] = good.split('.');
  const body = (await token(algorithm, { sub: 'eve' })).split('.')[1];
  const requests: Record<string, () => Request> = {
    'a visit': () => visit(good),
    'no token': () => visit(undefined),
    'a link checker': () => new Request(visit(good), { method: 'HEAD' }),
    'a prefetch': () => visit(good, { 'sec-purpose': 'prefetch' }),
    'an image': () => visit(good, { 'sec-fetch-dest': 'image' }),
    'a forged subject': () => visit(`${head}.${body}.${signature}`),
    'a bad bearer token': () => visit(undefined, { authorization: 'Bearer a.b.c' }),
  };
  const claims = {
    'an expired token': { exp: 1 },
    'a token of the future': { nbf: 4_000_000_000 },
    'another issuer': { iss: 'https://evil.example' },
    'another audience': { aud: 'other' },
    'no subject': { sub: '' },
    'several customers': { sub: 'agency' },
  };
  for (const [what, spoilt] of Object.entries(claims)) {
    const spoiltToken = await token(algorithm, spoilt);
    requests[what] = () => visit(spoiltToken);
  }
  for (const [what, request] of Object.entries(requests)) {
    const ours = await worker.fetch(request(), settings, context);
    const theirs = await floor.fetch(request(), settings, context);
    assert.deepEqual(answerOf(theirs), answerOf(ours), `${algorithm}: ${what}`);
  }
}

/** All of a redirect but what is new each time: the pages' nonce, the request's id and times. */
function answerOf({ status, headers }: Response) {
  if (status !== 303) return { status };
  const text = JSON.stringify([...headers])
    .replace(/style-src 'nonce-[^']+'; /, '')
    .replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/, '')
    .replaceAll(/dur=[\d.]+/g, '');
  return { status, headers: new Map<string, string>(JSON.parse(text)) };
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
