import { beforeEach, describe, expect, it, vi } from 'vitest';
import { stopClock, until } from '../clock.ts';
import { createWorld, type Person, type World } from '../world.ts';

const hour = 3600;

let world: World;
let ada: Person;

beforeEach(async () => {
  vi.useRealTimers();
  world = await createWorld();
  ada = await world.somebody();
});

const openedBy = async (headers: Record<string, string>) => world.openedBy(headers);

describe('the key set', () => {
  it('is loaded once for many requests', async () => {
    for (let visit = 0; visit < 3; visit += 1) await openedBy(ada.browser);
    expect(world.provider.requests).toBe(1);
  });

  it('is loaded again for a key that was rotated in', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await openedBy(ada.browser);
    await world.provider.rotate();
    const token = await world.provider.sign(world.claims(ada.subject));
    vi.setSystemTime(Date.now() + 31_000);
    expect(await openedBy({ authorization: `Bearer ${token}` })).toBe(ada.customer);
    expect(world.provider.requests).toBe(2);
  });

  it('is loaded at most once per cool-down by a flood of unknown key ids', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await openedBy(ada.browser);
    vi.setSystemTime(Date.now() + 31_000);
    const flood = Array.from({ length: 20 }, async (_, number) =>
      world.provider.sign(world.claims(ada.subject), { kid: `made up ${number}` }),
    );
    for (const token of await Promise.all(flood)) {
      expect(await openedBy({ authorization: `Bearer ${token}` })).toBeUndefined();
    }
    expect(world.provider.requests).toBe(2);
  });

  it('is loaded once for fifty first visits at the same moment', async () => {
    const visits = Array.from({ length: 50 }, async () =>
      world.visit('/billing', { headers: ada.browser }),
    );
    const statuses = (await Promise.all(visits)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(world.provider.requests).toBe(1);
  });

  it('is loaded once by a flood of unknown key ids before there are any keys', async () => {
    const flood = Array.from({ length: 30 }, async (_, number) => {
      const token = await world.provider.sign(world.claims(ada.subject), { kid: `cold ${number}` });
      return world.visit('/billing/manage', { headers: { authorization: `Bearer ${token}` } });
    });
    const statuses = (await Promise.all(flood)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(world.provider.requests).toBe(1);
  });

  it('is tried again one second after a failure, then after two, then after four', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    let loads = 0;
    world.replaceProvider(async () => {
      loads += 1;
      return new Response('down', { status: 500 });
    });
    const start = Date.now();
    const loadsAt: number[] = [];
    for (let second = 0; second <= 15; second += 0.5) {
      vi.setSystemTime(start + second * 1000);
      const before = loads;
      await openedBy(ada.browser);
      if (loads > before) loadsAt.push(second);
    }
    expect(loadsAt).toEqual([0, 1, 3, 7, 15]);
    world.replaceProvider(world.provider.fetch);
    vi.setSystemTime(start + 31_000);
    expect(await openedBy(ada.browser)).toBe(ada.customer);
  });

  it('is tried again one second after a load has timed out, not after it began', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const start = Date.now();
    let loads = 0;
    world.replaceProvider(async () => {
      loads += 1;
      vi.setSystemTime(start + 3000);
      return new Response('down', { status: 500 });
    });
    for (const milliseconds of [0, 3000, 3900, 4000]) {
      vi.setSystemTime(start + milliseconds);
      await openedBy(ada.browser);
    }
    expect(loads).toBe(2);
  });

  it('has keys that are passed over: too short, of an unknown curve, or for encryption', async () => {
    const original = await world.provider.fetch(
      new Request('https://id.example/.well-known/jwks.json'),
    );
    const { keys } = await original.json<{ keys: JsonWebKey[] }>();
    const [good] = keys;
    const short = { kty: 'RSA', kid: 'short', e: 'AQAB', n: 'v'.repeat(171) };
    const odd = { kty: 'EC', kid: 'odd', crv: 'secp256k1', x: good?.x, y: good?.y };
    const other = [null, 'key', { kty: 'oct', k: 'c2VjcmV0' }, { ...good, use: 'enc' }];
    world.replaceProvider(async () => Response.json({ keys: [short, odd, ...other, ...keys] }));
    expect(await openedBy(ada.browser)).toBe(ada.customer);
  });

  it('is loaded by another request when the one that began to load it was cut off', async () => {
    const clock = stopClock();
    let loads = 0;
    world.replaceProvider(async (request) => {
      loads += 1;
      return loads === 1 ? new Promise<Response>(() => {}) : world.provider.fetch(request);
    });
    void world.visit('/billing', { headers: ada.browser });
    await clock.pass(1);
    const waiting = Array.from({ length: 3 }, async () =>
      world.visit('/billing', { headers: ada.browser }),
    );
    for (let tick = 0; tick < 200; tick += 1) await clock.pass(25);
    const statuses = (await Promise.all(waiting)).map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 200]);
    expect(loads).toBe(2);
  });

  describe('while it is being loaded for a key that was rotated in', () => {
    const rounds: (() => void)[] = [];

    /** Holds the provider's answers back; says how many there are to give. */
    function hold(): void {
      rounds.length = 0;
      world.replaceProvider(async (request) => {
        await new Promise<void>((resolve) => rounds.push(resolve));
        return world.provider.fetch(request);
      });
    }

    const release = () => rounds.splice(0).forEach((answer) => answer());

    async function rotateAfterAMinute(): Promise<string> {
      vi.useFakeTimers({ toFake: ['Date'] });
      await openedBy(ada.browser);
      await world.provider.rotate();
      vi.setSystemTime(Date.now() + 60_000);
      hold();
      return world.provider.sign(world.claims(ada.subject));
    }

    const visitAll = (tokens: string[]) =>
      tokens.map(async (token) =>
        world.visit('/billing/manage', { headers: { authorization: `Bearer ${token}` } }),
      );

    it('is waited for by everyone who needs it, and loaded once', async () => {
      const token = await rotateAfterAMinute();
      const visits = visitAll(Array.from({ length: 20 }, () => token));
      await vi.waitFor(() => expect(rounds).toHaveLength(1));
      release();
      const statuses = (await Promise.all(visits)).map(({ status }) => status);
      expect(new Set(statuses)).toEqual(new Set([303]));
      expect(rounds).toHaveLength(0);
    });

    it('costs a flood of made-up key ids one load, and none until the cool-down ends', async () => {
      await rotateAfterAMinute();
      const tokens = await Promise.all(
        Array.from({ length: 30 }, async (_, number) =>
          world.provider.sign(world.claims(ada.subject), { kid: `warm ${number}` }),
        ),
      );
      const visits = visitAll(tokens);
      await vi.waitFor(() => expect(rounds).toHaveLength(1));
      release();
      const statuses = (await Promise.all(visits)).map(({ status }) => status);
      expect(new Set(statuses)).toEqual(new Set([401]));
      vi.setSystemTime(Date.now() + 29_000);
      await Promise.all(visitAll(tokens));
      expect(rounds).toHaveLength(0);
    });

    it('delays no token of a known key', async () => {
      const token = await rotateAfterAMinute();
      const visits = visitAll([token]);
      await vi.waitFor(() => expect(rounds).toHaveLength(1));
      expect(await openedBy(ada.browser)).toBe(ada.customer);
      release();
      await Promise.all(visits);
    });
  });

  it('is asked for once while the provider is down', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    let attempts = 0;
    world.replaceProvider(async () => {
      attempts += 1;
      return new Response('down', { status: 500 });
    });
    for (let visit = 0; visit < 5; visit += 1) await openedBy(ada.browser);
    expect(attempts).toBe(1);
  });

  it('is loaded anew after ten minutes, so that a withdrawn key stops working', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    expect(await openedBy(ada.browser)).toBe(ada.customer);
    await world.provider.rotate();
    vi.setSystemTime(Date.now() + 9 * 60_000);
    expect(await openedBy(ada.browser)).toBe(ada.customer);
    vi.setSystemTime(Date.now() + 2 * 60_000);
    expect(await openedBy(ada.browser)).toBeUndefined();
  });

  it('that is empty all of a sudden is no reason to forget the last good keys', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await openedBy(ada.browser);
    world.replaceProvider(async () => Response.json({ keys: [] }));
    vi.setSystemTime(Date.now() + 11 * 60_000);
    expect(await openedBy(ada.browser)).toBe(ada.customer);
  });

  it('that lacks a key while it cannot be loaded is no fault of the visitor', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await openedBy(ada.browser);
    await world.provider.rotate();
    const token = await world.provider.sign(world.claims(ada.subject));
    world.replaceProvider(async () => new Response('down', { status: 500 }));
    vi.setSystemTime(Date.now() + 31_000);
    const response = await world.visit('/billing/manage', {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(503);
  });

  it('is not waited for longer than three seconds', async () => {
    let [asked, aborted] = [false, false];
    world.replaceProvider(async (request) => {
      asked = true;
      await new Promise((resolve) => request.signal.addEventListener('abort', resolve));
      aborted = true;
      throw new TypeError('aborted');
    });
    const clock = stopClock();
    const visit = world.visit('/billing/manage', { headers: ada.browser });
    await until(() => asked);
    await clock.pass(2_999);
    expect(aborted).toBe(false);
    await clock.pass(1);
    expect([(await visit).status, aborted]).toEqual([503, true]);
  });

  it('serves for an hour while the provider is down, and then the answer is 503', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await openedBy(ada.browser);
    world.replaceProvider(async () => new Response('down', { status: 500 }));
    const start = Date.now();
    const later = async (seconds: number) => {
      vi.setSystemTime(start + seconds * 1000);
      const token = await world.provider.sign(world.claims(ada.subject));
      return world.visit('/billing/manage', { headers: { authorization: `Bearer ${token}` } });
    };
    expect((await later(hour - 10)).status).toBe(303);
    const response = await later(hour + 1);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.json()).toMatchObject({ code: 'identity_provider_unavailable' });
  });

  it.each<[string, () => Promise<Response>]>([
    ['cannot be reached', () => Promise.reject(new TypeError('connection refused'))],
    ['is not JSON', async () => new Response('<html>')],
    ['is not a key set', async () => Response.json({ jwks: [] })],
    ['is elsewhere', async () => Response.redirect('https://evil.example/.well-known/jwks.json')],
  ])(
    'that %s from the start is an outage of ours, not a fault of the visitor',
    async (_, answer) => {
      world.replaceProvider(answer, world.provider.fetch);
      const response = await world.visit('/billing/manage', { headers: ada.browser });
      expect(response.status).toBe(503);
      expect(response.headers.get('x-error-code')).toBe('identity_provider_unavailable');
    },
  );

  it('is asked for again after an outage', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    world.replaceProvider(async () => new Response('down', { status: 500 }));
    expect(await openedBy(ada.browser)).toBeUndefined();
    world.replaceProvider(world.provider.fetch);
    vi.setSystemTime(Date.now() + 31_000);
    expect(await openedBy(ada.browser)).toBe(ada.customer);
  });
});
