import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { networkOf } from '../../src/http/client.ts';
import { bare, createEmailWorld, tokenIn } from './email-world.ts';
import { createLimiter } from '../limiter.ts';
import { lastOpened, signLink, type LinkWorld } from '../signed-links.ts';
import { type Person } from '../world.ts';

let world: LinkWorld;
let ada: Person;
let address: string;

beforeEach(async () => {
  ({ world, ada, address } = await createEmailWorld());
});

describe('the rate limit', () => {
  it('lets two mails a minute go to an address for one network, and tells nobody', async () => {
    const answers: string[] = [];
    for (const place of ['a::1', 'a::2', 'b::1']) {
      for (let times = 0; times < 2; times += 1) {
        const client = { 'cf-connecting-ip': `2001:db8:0:${place}` };
        answers.push(bare(await (await world.ask({ address }, client)).text()));
      }
    }
    expect(world.mailbox.mails).toHaveLength(4);
    expect(new Set(answers).size).toBe(1);
  });

  it('stops a client that asks too often', async () => {
    const statuses: number[] = [];
    for (let times = 0; times < 12; times += 1) {
      statuses.push((await world.ask({ address: `x${times}@example.com` })).status);
    }
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 303));
    expect(statuses.slice(10)).toEqual([429, 429]);
  });

  it('sends nothing while nobody counts', async () => {
    const down = {
      limit: async () => {
        throw new Error('The limiter is down.');
      },
    };
    world.configure({ SIGN_IN_BY_CLIENT: down });
    const response = await world.ask({ address });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('10');
    expect(world.mailbox.mails).toEqual([]);
  });

  it('counts by hashes that do not give addresses away', async () => {
    const keys: string[] = [];
    const limiter = {
      limit: async ({ key }: RateLimitOptions) => {
        keys.push(key);
        return { success: true };
      },
    };
    world.configure({ SIGN_IN_BY_ADDRESS: limiter, SIGN_IN_BY_CLIENT: limiter });
    await world.ask({ address });
    await world.ask({ address: address.toUpperCase() });
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0DB8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::9', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
  ])('counts %s as %s', (ip, network) => expect(networkOf(ip)).toBe(network));
});

describe('the mails of a day', () => {
  const free = { limit: async () => ({ success: true }) };
  beforeEach(() => world.configure({ SIGN_IN_BY_ADDRESS: free, SIGN_IN_BY_CLIENT: free }));
  const askTimes = async (times: number, fields: Record<string, string>, network = '') => {
    const pages = new Set<string>();
    for (let time = 0; time < times; time += 1) {
      const client = { 'cf-connecting-ip': network || `198.51.100.${time}` };
      const response = await world.ask(fields, client);
      pages.add(`${response.status} ${bare(await response.text())}`);
    }
    return pages;
  };
  const advance = (seconds: number) =>
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });

  const HERE = '192.0.2.7';
  const ELSEWHERE = '203.0.113.7';

  it('to one customer are five for one network, and the page says nothing', async () => {
    const pages = await askTimes(7, { address }, HERE);
    expect(world.mailbox.mails).toHaveLength(5);
    expect(pages.size).toBe(1);
    // The links that the customer has go on working.
    const tokens = world.mailbox.mails.map(({ text }) => tokenIn(text));
    for (const token of tokens) expect((await world.press(token)).status).toBe(303);
    advance(86_400 - 60);
    await askTimes(1, { address }, HERE);
    expect(world.mailbox.mails).toHaveLength(5);
    advance(120);
    await askTimes(1, { address }, HERE);
    expect(world.mailbox.mails).toHaveLength(6);
  });

  it('that others have asked for keep no customer elsewhere from signing in', async () => {
    for (let minute = 0; minute < 4; minute += 1) {
      world.configure({
        SIGN_IN_BY_ADDRESS: createLimiter('SIGN_IN_BY_ADDRESS'),
        SIGN_IN_BY_CLIENT: createLimiter('SIGN_IN_BY_CLIENT'),
      });
      for (const network of ['198.51.100.1', '198.51.100.2', '198.51.100.3']) {
        await askTimes(2, { address }, network);
      }
    }
    expect(world.mailbox.mails).toHaveLength(15);
    world.mailbox.mails.length = 0;
    await askTimes(1, { address }, ELSEWHERE);
    const token = tokenIn(world.mailbox.mails[0]?.text ?? '');
    expect((await world.press(token)).status).toBe(303);
    expect(lastOpened(world)).toBe(ada.customer);
  });

  it('to one customer are twenty, wherever they are asked for, and the page says nothing', async () => {
    const pages = await askTimes(22, { address });
    expect(world.mailbox.mails).toHaveLength(20);
    expect(pages.size).toBe(1);
    expect(await askTimes(1, { address: 'nobody@example.com' }, ELSEWHERE)).toEqual(pages);
    advance(86_400 + 60);
    await askTimes(1, { address });
    expect(world.mailbox.mails).toHaveLength(21);
  });

  it.each([
    ['five for one network', 8, () => HERE, 5],
    ['twenty in all', 24, (time: number) => `198.51.100.${time}`, 20],
  ])('to one customer are %s at the same time, too', async (_, times, network, mails) => {
    await Promise.all(
      Array.from({ length: times }, async (__, time) =>
        world.ask({ address }, { 'cf-connecting-ip': network(time) }),
      ),
    );
    expect(world.mailbox.mails).toHaveLength(mails);
  });

  it('to one customer are as many, renewals and a changed address included', async () => {
    const exp = Math.floor(Date.now() / 1000) - 120;
    const token = await signLink({ customer: ada.customer, iat: exp - 60, exp });
    await askTimes(3, { address }, HERE);
    await askTimes(3, { token }, HERE);
    expect(world.mailbox.mails).toHaveLength(5);
    await world.keep({ id: ada.customer, subject: ada.subject, email: 'other@example.com' });
    await askTimes(1, { address: 'other@example.com' }, HERE);
    expect(world.mailbox.mails).toHaveLength(5);
    const eve = await world.somebody();
    await askTimes(1, { address: `${eve.subject}.1@example.com` }, HERE);
    expect(world.mailbox.mails).toHaveLength(6);
  });

  it('to one customer cannot be used up by another who then takes the same address', async () => {
    const eve = await world.somebody();
    await askTimes(20, { address: `${eve.subject}.1@example.com` });
    await askTimes(5, { address: `${eve.subject}.1@example.com` }, HERE);
    await world.keep({ id: eve.customer, subject: eve.subject, email: address });
    world.mailbox.mails.length = 0;
    await askTimes(1, { address }, HERE);
    const token = tokenIn(world.mailbox.mails[0]?.text ?? '');
    expect((await world.press(token)).status).toBe(303);
    expect(lastOpened(world)).toBe(ada.customer);
  });

  it('for one client’s network are fifty an hour', async () => {
    const names = Array.from({ length: 51 }, (_, number) => `many${number}`);
    await world.keepAll(
      names.map((name) => ({ id: `cus_${name}`, subject: name, email: `${name}@example.com` })),
    );
    const networks = ['2001:db8:1:2::1', '2001:db8:1:2:3:4:5:6'];
    await Promise.all(
      Array.from({ length: 51 }, async (_, number) => {
        const client = { 'cf-connecting-ip': networks[number % 2]! };
        await world.ask({ address: `many${number}@example.com` }, client);
      }),
    );
    expect(world.mailbox.mails).toHaveLength(50);
    await askTimes(1, { address }, networks[0]);
    expect(world.mailbox.mails).toHaveLength(50);
    advance(3601);
    await askTimes(1, { address }, networks[0]);
    expect(world.mailbox.mails).toHaveLength(51);
  });

  it('are kept under hashes, and the cron job forgets them', async () => {
    const count = async () =>
      (await env.DB.prepare('select counted from mails').all<{ counted: string }>()).results;
    await env.DB.prepare('delete from mails').run();
    await askTimes(1, { address });
    const kept = await count();
    expect(kept).toHaveLength(3);
    for (const { counted } of kept) expect(counted).toMatch(/^[0-9a-f]{64}$/);
    await world.runCron(new Date(Date.now() + 86_300_000));
    expect(await count()).toHaveLength(3);
    await world.runCron(new Date(Date.now() + 86_500_000));
    expect(await count()).toEqual([]);
  });
});
