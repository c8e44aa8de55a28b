import { hc } from 'hono/client';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Api } from '../../src/app.ts';
import { createLinkWorld, lastOpened, type LinkWorld } from '../signed-links.ts';
import { ORIGIN, type Person } from '../world.ts';

const KEY = 'a key of the back end that is long enough';
const OLD_KEY = 'a key of the back end that was long enough';

let world: LinkWorld;
let ada: Person;

beforeEach(async () => {
  world = await createLinkWorld({
    LINK_API_KEY: `${KEY},${OLD_KEY}`,
    ALLOWED_ORIGINS: 'https://app.example',
  });
  ada = await world.somebody();
});

const call = async (body: unknown, key: string | null = KEY) =>
  world.visit('/api/links', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key !== null && { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify(body),
  });

const problem = async (response: Response) => response.json<{ code: string; detail: string }>();

describe('POST /api/links', () => {
  it('mints a link that works, for seven days', async () => {
    const response = await call({ subject: ada.subject });
    expect(response.status).toBe(201);
    const { url, expires_at: expiresAt } = await response.json<{
      url: string;
      expires_at: number;
    }>();
    expect(url).toMatch(/^https:\/\/shop\.example\/billing\/manage\?token=/);
    expect(Math.round((expiresAt * 1000 - Date.now()) / 86_400_000)).toBe(7);
    const token = new URL(url).searchParams.get('token')!;
    expect((await world.press(token)).status).toBe(303);
    expect(lastOpened(world)).toBe(ada.customer);
  });

  it('takes all that a link can say', async () => {
    const response = await call({
      customer: ada.customer,
      flow: 'payment_method_update',
      return_to: 'https://app.example/after',
      email: 'ada@example.com',
      expires_in: 60,
    });
    const { url } = await response.json<{ url: string }>();
    const token = new URL(url).searchParams.get('token')!;
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'HS256', typ: 'portal-link+jwt' });
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({
      purpose: 'billing-link',
      aud: ORIGIN,
      customer: ada.customer,
      flow: 'payment_method_update',
      return_to: 'https://app.example/after',
      email: 'ada@example.com',
    });
    expect(claims.exp! - claims.iat!).toBe(60);
  });

  it('is known to Hono’s typed client, and what has a default may be left out', async () => {
    const client = hc<Api>(ORIGIN, {
      fetch: async (input: RequestInfo | URL, init?: RequestInit) =>
        world.visit(new Request(input).url, init),
      headers: { authorization: `Bearer ${KEY}` },
    });
    const response = await client.api.links.$post({ json: { subject: ada.subject } });
    expect(response.status).toBe(201);
  });

  it('takes each key while they are rotated', async () => {
    expect((await call({ subject: ada.subject }, OLD_KEY)).status).toBe(201);
  });

  it.each([null, '', 'junk', `${KEY}x`, KEY.slice(1), `${KEY},${OLD_KEY}`])(
    'refuses the key %j',
    async (key) => {
      const response = await call({ subject: ada.subject }, key);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="links"');
      expect((await problem(response)).code).toBe('api_key_refused');
    },
  );

  it('does not take a visitor’s own token for a key', async () => {
    expect((await call({ subject: ada.subject }, ada.token)).status).toBe(401);
  });

  it.each<[unknown, string]>([
    [{}, 'subject: name either a subject or a customer.'],
    [{ subject: 'a', customer: 'cus_1' }, 'subject: name either'],
    [{ customer: 'sub_1' }, 'customer: must be a customer id'],
    [{ subject: '' }, 'subject: must be'],
    [{ subject: 'a', flow: 'everything' }, 'flow: must be one of'],
    [{ subject: 'a', flow: 'subscription_update_confirm' }, 'a link has no price'],
    [{ subject: 'a', email: 'nobody' }, 'email: must be an e-mail address'],
    [{ subject: 'a', expires_in: 2_592_001 }, 'expires_in: must be'],
    [{ subject: 'a', expires_in: 0 }, 'expires_in: must be'],
    [{ subject: 'a', token: 'x' }, 'no other keys than'],
    [[], 'JSON object'],
  ])('says what is wrong with %j', async (body, detail) => {
    const response = await call(body);
    expect(response.status).toBe(400);
    expect((await problem(response)).detail).toContain(detail);
  });

  it('refuses a way back that is not allowed', async () => {
    const response = await call({ subject: 'a', return_to: 'https://evil.example/' });
    expect((await problem(response)).code).toBe('return_to_refused');
  });

  it('is absent, and not described, where there is no key', async () => {
    expect(await (await world.visit('/api/openapi.json')).text()).toContain('/api/links');
    world.configure({ LINK_API_KEY: '' } as never);
    expect((await call({ subject: ada.subject })).status).toBe(404);
    expect(await (await world.visit('/api/openapi.json')).text()).not.toContain('/api/links');
  });
});

describe('DELETE /api/links', () => {
  const REVOKER = 'a key of the back end that ends links';

  beforeEach(() =>
    world.configure({ LINK_API_KEY: `revoke+sign:${REVOKER},${KEY}` } as Partial<Env>),
  );

  const revoke = async (query: string, key = REVOKER) =>
    world.visit(`/api/links${query}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${key}` },
    });
  const sign = async (body: object) => {
    const { url } = await (await call(body, REVOKER)).json<{ url: string }>();
    return new URL(url).searchParams.get('token')!;
  };

  it.each([
    ['the subject', () => `?subject=${encodeURIComponent(ada.subject)}`],
    ['the customer', () => `?customer=${ada.customer}`],
  ])('ends the links signed so far, and mails, by %s', async (_, query) => {
    const tokens = [await sign({ subject: ada.subject }), await sign({ customer: ada.customer })];
    const response = await revoke(query());
    expect([response.status, await response.text()]).toEqual([204, '']);
    for (const token of tokens) expect((await world.press(token)).status).toBe(403);
    const { mailIsStopped } = await world.links.revocationOf({ customers: [ada.customer] });
    expect(mailIsStopped).toBe(true);
    expect((await revoke(query())).status).toBe(204);
  });

  it('is not for keys that may only sign, as those of before', async () => {
    const token = await sign({ subject: ada.subject });
    const response = await revoke(`?subject=${ada.subject}`, KEY);
    expect(response.status).toBe(403);
    expect((await problem(response)).code).toBe('api_key_not_allowed');
    expect((await world.press(token)).status).toBe(303);
  });

  it.each([
    ['', 'name either a subject or a customer'],
    ['?subject=a&customer=cus_1', 'name either a subject or a customer'],
    ['?customer=sub_1', 'customer: must be a customer id'],
    ['?subject=a&all=true', 'no other parameters than'],
    ['?subject=a&subject=b', 'subject: must be'],
  ])('says what is wrong with %j', async (query, detail) => {
    const response = await revoke(query);
    expect(response.status).toBe(400);
    expect((await problem(response)).detail).toContain(detail);
  });
});

it('lets a key that may only read sign nothing', async () => {
  const reader = 'a key of the back end that reads billing';
  world.configure({ LINK_API_KEY: `read:${reader}` } as Partial<Env>);
  const response = await call({ subject: ada.subject }, reader);
  expect(response.status).toBe(403);
  expect((await problem(response)).detail).toContain('may not sign');
});
