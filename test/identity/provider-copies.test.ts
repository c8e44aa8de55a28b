import { beforeEach, expect, it, vi } from 'vitest';
import { stopClock, until } from '../clock.ts';
import { inOwnRequest } from '../own-request.ts';
import { createWorld, ISSUER, type Person, type World } from '../world.ts';

const KEY_SET = `${ISSUER}/.well-known/jwks.json`;
const CACHE = 'portal-link-providers';
const minute = 60_000;

let world: World;
let ada: Person;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  world = await createWorld();
  ada = await world.somebody();
});

const pass = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);
const opened = async ({ browser }: { browser: Record<string, string> } = ada) =>
  world.openedBy(browser);
/** Another isolate at the same location. */
const beginIsolate = () => world.configure({});
const copy = async () => (await caches.open(CACHE)).match(KEY_SET);
const leave = async (body: string, loadedAt: number | undefined) =>
  (await caches.open(CACHE)).put(
    KEY_SET,
    new Response(body, {
      headers: {
        'content-type': 'application/json',
        'cache-control': 'max-age=300',
        ...(loadedAt !== undefined && { 'x-loaded-at': String(loadedAt) }),
      },
    }),
  );
type Uses = Pick<Cache, 'match' | 'put'>;
/** Lets the cache of this location be used in another way than the runtime's. */
function changeCache(change: (cache: Uses) => Partial<Uses>): void {
  const open = caches.open.bind(caches);
  vi.spyOn(caches, 'open').mockImplementation(async (name) => {
    const cache = await open(name);
    const uses: Uses = { match: cache.match.bind(cache), put: cache.put.bind(cache) };
    return { ...uses, ...change(uses) } as Cache;
  });
}
const keySetOf = async () => (await world.provider.fetch(new Request(KEY_SET))).text();

it('serves for five minutes', async () => {
  await opened();
  for (const [isolate, requests] of [
    [4 * minute, 1],
    [2 * minute, 2],
  ] as const) {
    pass(isolate);
    beginIsolate();
    expect(await opened()).toBe(ada.customer);
    expect(world.provider.requests).toBe(requests);
  }
});

it('has an age, which counts: no key set is older than an hour', async () => {
  await opened();
  pass(4 * minute);
  beginIsolate();
  await opened();
  world.replaceProvider(async () => new Response('down', { status: 500 }));
  pass(55 * minute);
  expect(await opened()).toBe(ada.customer);
  pass(minute);
  expect(await opened()).toBeUndefined();
});

it('that is older serves where the provider fails, until it is an hour old', async () => {
  await opened();
  let asked = 0;
  world.replaceProvider(async () => {
    asked += 1;
    return new Response('down', { status: 500 });
  });
  for (const minutes of [6, 20, 33]) {
    pass(minutes * minute);
    beginIsolate();
    for (let visit = 0; visit < 3; visit += 1) expect(await opened()).toBe(ada.customer);
  }
  expect(asked).toBe(3);
  // The cache goes by a clock of its own.
  expect((await copy())?.headers.get('cache-control')).toBe('max-age=3600');
  pass(minute);
  expect(await opened()).toBeUndefined();
  beginIsolate();
  expect(await opened()).toBeUndefined();
});

it('that is older does not keep a withdrawn key alive', async () => {
  await opened();
  await world.provider.rotate();
  pass(6 * minute);
  beginIsolate();
  expect(await opened()).toBeUndefined();
});

it('that is older and lacks a key is no fault of the visitor while the provider fails', async () => {
  await opened();
  await world.provider.rotate();
  const bob = await world.visitor(ada.subject);
  world.replaceProvider(async () => new Response('down', { status: 500 }));
  pass(6 * minute);
  beginIsolate();
  expect(await opened()).toBe(ada.customer);
  expect((await world.visit('/billing/manage', { headers: bob.browser })).status).toBe(503);
});

it.each([1_000, minute])(
  'is passed over for a key that it lacks, and replaced: %i ms',
  async (age) => {
    await opened();
    await world.provider.rotate();
    pass(age);
    beginIsolate();
    const bob = await world.visitor(ada.subject);
    expect(await opened(bob)).toBe(ada.customer);
    expect(world.provider.requests).toBe(2);
    beginIsolate();
    expect(await opened(bob)).toBe(ada.customer);
    expect(world.provider.requests).toBe(2);
  },
);

it.each([1_000, minute])(
  'lets a flood of unknown key ids ask once in an isolate: %i ms',
  async (age) => {
    await opened();
    pass(age);
    beginIsolate();
    const flood = Array.from({ length: 20 }, async (_, number) => {
      const token = await world.provider.sign(world.claims(ada.subject), {
        kid: `forged ${number}`,
      });
      return world.visit('/billing/manage', { headers: { authorization: `Bearer ${token}` } });
    });
    const statuses = (await Promise.all(flood)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(world.provider.requests).toBe(2);
  },
);

it.each([
  ['a page', '<h1>Moved</h1>'],
  ['no keys', '{"keys":[]}'],
  ['nothing', ''],
])('counts for nothing if it is %s, and does not stay', async (_, body) => {
  await leave(body, Date.now());
  expect(await opened()).toBe(ada.customer);
  expect(world.provider.requests).toBe(1);
  expect(await (await copy())?.text()).toBe(await keySetOf());
});

it.each([
  ['does not say when it was loaded', () => undefined],
  ['is of the future', () => Date.now() + 5 * minute],
])('counts for nothing if it %s', async (_, loadedAt) => {
  const stranger = await createWorld();
  const foreign = await (await stranger.provider.fetch(new Request(KEY_SET))).text();
  world = await createWorld();
  ada = await world.somebody();
  await leave(foreign, loadedAt());
  expect(await opened()).toBe(ada.customer);
  expect(world.provider.requests).toBe(1);
});

it('is not made of an answer that cannot be read', async () => {
  world.replaceProvider(async () => new Response('<h1>Oops</h1>'));
  expect(await opened()).toBeUndefined();
  expect(await copy()).toBeUndefined();
});

it('is made of the key set alone, without the provider’s headers', async () => {
  world.replaceProvider(async (request) => {
    const answer = await world.provider.fetch(request);
    return new Response(await answer.text(), {
      headers: { 'content-type': 'application/json', 'set-cookie': 'who=ada', vary: '*' },
    });
  });
  await opened();
  const kept = await copy();
  expect([...(kept?.headers.keys() ?? [])]).not.toContain('set-cookie');
  expect(await kept?.text()).toBe(await keySetOf());
});

it('is left after the answer, however long that takes', async () => {
  let isAnswered = false;
  changeCache(({ put }) => ({
    async put(...copied) {
      await until(() => isAnswered);
      return put(...copied);
    },
  }));
  const answer = await inOwnRequest(async () =>
    world.visit('/billing/manage', { headers: ada.browser }),
  );
  expect(answer.status).toBe(303);
  expect(await copy()).toBeUndefined();
  isAnswered = true;
  await vi.waitFor(async () => expect(await (await copy())?.text()).toBe(await keySetOf()));
});

it.each<[string, () => void]>([
  ['opened', () => vi.spyOn(caches, 'open').mockRejectedValue(new Error('down'))],
  ['read', () => changeCache(() => ({ match: async () => Promise.reject(new Error('down')) }))],
  ['written', () => changeCache(() => ({ put: async () => Promise.reject(new Error('down')) }))],
])('is done without where the cache cannot be %s', async (_, spoil) => {
  spoil();
  expect(await opened()).toBe(ada.customer);
  expect(world.provider.requests).toBe(1);
});

it('is waited for no longer than half a second', async () => {
  changeCache(() => ({ match: async () => new Promise(() => {}) }));
  const clock = stopClock();
  const visit = opened();
  await clock.pass(499);
  expect(world.provider.requests).toBe(0);
  await clock.pass(1);
  await until(() => world.provider.requests === 1);
  vi.useRealTimers();
  expect(await visit).toBe(ada.customer);
});

it('that comes later serves all the same if the provider then fails', async () => {
  await opened();
  pass(10 * minute);
  beginIsolate();
  const clock = stopClock();
  let isAsked = false;
  let late: Response | undefined;
  changeCache(({ match }) => ({
    async match(...address) {
      await until(() => isAsked);
      late = await match(...address);
      return late;
    },
  }));
  world.replaceProvider(async () => {
    isAsked = true;
    await until(() => late?.bodyUsed === true);
    return new Response('down', { status: 503 });
  });
  const visit = opened();
  await clock.pass(500);
  await until(() => isAsked);
  vi.useRealTimers();
  expect(await visit).toBe(ada.customer);
});
