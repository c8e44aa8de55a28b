import assert from 'node:assert/strict';
import type { Handler } from './build.ts';
import { context, visit, type Algorithm, type Stubs } from './stubs.ts';

/** The floor is honest: whatever is timed, and whatever is refused, it answers as the Worker does. */
export async function compareAnswers(
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
    'too many sessions': { sub: 'greedy' },
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
