import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLimiter } from './limiter.ts';
import { createLinkWorld, signLink } from './signed-links.ts';
import { createWorld, SIGNED_OUT, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld({
    SESSION_LIMIT: createLimiter('SESSION_LIMIT'),
    CLIENT_LIMIT: createLimiter('CLIENT_LIMIT'),
  });
});

const SESSIONS = 20;
const FAILED_PROOFS = 60;

/** The statuses of so many requests, one after the other. */
async function statuses(count: number, visit: () => Promise<Response>): Promise<Set<number>> {
  const seen = new Set<number>();
  for (let number = 0; number < count; number += 1) seen.add((await visit()).status);
  return seen;
}

describe('sessions of one person', () => {
  it('are opened twenty times a minute, and then not until it has passed', async () => {
    const ada = await world.somebody();
    const follow = async () => world.visit('/billing/manage', { headers: ada.browser });
    expect(await statuses(SESSIONS, follow)).toEqual(new Set([303]));
    const made = world.sessionsMade();
    const refused = await follow();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(await refused.text()).toContain('Too many attempts');
    expect(world.sessionsMade()).toBe(made);
  });

  it('are counted together, whichever way they are opened', async () => {
    const ada = await world.somebody();
    const call = async () =>
      world.visit('/api/stripe/create-portal-session', {
        method: 'POST',
        headers: { ...ada.bearer, 'content-type': 'application/json' },
        body: '{}',
      });
    await statuses(SESSIONS, async () => world.visit('/billing/manage', { headers: ada.browser }));
    const refused = await call();
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: 'rate_limited' });
  });

  it('count what Stripe is asked about subscriptions that D1 does not hold', async () => {
    const ada = await world.somebody();
    const guess = async () =>
      world.visit('/billing/manage?subscription=sub_guess', { headers: ada.browser });
    expect(await statuses(SESSIONS, guess)).toEqual(new Set([404]));
    const asked = world.callsTo('/v1/subscriptions').length;
    expect((await guess()).status).toBe(429);
    expect(world.callsTo('/v1/subscriptions')).toHaveLength(asked);
  });

  it('count what the page asks Stripe on the way back from the portal', async () => {
    const ada = await world.somebody();
    const visit = { customer: ada.customer, flowUnavailable: false, before: [] };
    const cookie = `${ada.browser.cookie}; __Host-portal=${encodeURIComponent(JSON.stringify(visit))}`;
    const comeBack = async () => world.visit('/billing', { headers: { ...ada.browser, cookie } });
    const asked = () => world.callsTo(`/v1/customers/${ada.customer}`).length;
    expect(await statuses(SESSIONS + 1, comeBack)).toEqual(new Set([200]));
    expect(asked()).toBe(SESSIONS);
    expect(await (await comeBack()).text()).toContain('This may be a few minutes old');
  });

  it('count a visit once, though it asks Stripe twice', async () => {
    const ada = await world.somebody();
    // It has ended, so D1 never holds it.
    const { id } = await world.subscribe(ada.customer);
    await world.api.subscriptions.cancel(id);
    const follow = async () =>
      world.visit(`/billing/manage?subscription=${id}`, { headers: ada.browser });
    expect(await statuses(SESSIONS, follow)).toEqual(new Set([303]));
    expect((await follow()).status).toBe(429);
  });

  it.each([
    { flow: 'pay', customer: 'cus_gone' },
    { subscription: 'sub_gone' },
    { customer: 'cus_gone' },
    {},
  ])('count a press of a mailed link once, if it names what is gone: %o', async (intent) => {
    const link = await createLinkWorld({ SESSION_LIMIT: createLimiter('SESSION_LIMIT') });
    const { customer } = await link.somebody();
    const token = await signLink({ purpose: 'billing-sign-in', customer, intent });
    expect(await statuses(SESSIONS, async () => link.press(token))).toEqual(new Set([303]));
    expect((await link.press(token)).status).toBe(429);
  });

  it('are not limited by what others do', async () => {
    const [ada, eve] = [await world.somebody(), await world.somebody()];
    await statuses(SESSIONS + 1, async () =>
      world.visit('/billing/manage', { headers: eve.browser }),
    );
    expect(await world.openedBy(ada.browser)).toBe(ada.customer);
  });

  it('are limited by the runtime’s own limiter, whose minute may end in between', async () => {
    world.configure({ SESSION_LIMIT: env.SESSION_LIMIT });
    const ada = await world.somebody();
    const follow = async () => world.visit('/billing/manage', { headers: ada.browser });
    expect(await statuses(2 * SESSIONS + 1, follow)).toEqual(new Set([303, 429]));
  });
});

describe('failed proofs from one address', () => {
  const guess = (address: string) => ({
    headers: { authorization: 'Bearer guess', 'cf-connecting-ip': address },
  });

  it('are answered sixty times a minute', async () => {
    const visit = async () => world.visit('/billing/manage', guess('198.51.100.1'));
    expect(await statuses(FAILED_PROOFS, visit)).toEqual(new Set([401]));
    expect((await visit()).status).toBe(429);
    expect((await world.visit('/billing/manage', guess('198.51.100.2'))).status).toBe(401);
  });

  it('do not count a proof that merely has expired: its holder is sent to sign in', async () => {
    const now = Math.floor(Date.now() / 1000);
    const { browser } = await world.visitor('late', { iat: now - 7200, exp: now - 3600 });
    const headers = { ...browser, 'cf-connecting-ip': '198.51.100.4' };
    const visit = async () => world.visit('/billing/manage', { headers });
    expect(await statuses(FAILED_PROOFS + 1, visit)).toEqual(new Set([303]));
    // Beside a guess it hides nothing.
    const guessing = { ...headers, cookie: `${headers.cookie}; session=guess` };
    const guessed = async () => world.visit('/billing/manage', { headers: guessing });
    expect(await statuses(FAILED_PROOFS, guessed)).toEqual(new Set([303]));
    expect((await guessed()).status).toBe(429);
  });

  it('do not stop a visitor who has a valid proof, or only wants to sign in', async () => {
    const ada = await world.somebody();
    const address = { 'cf-connecting-ip': '198.51.100.3' };
    await statuses(FAILED_PROOFS + 1, async () =>
      world.visit('/billing/manage', guess('198.51.100.3')),
    );
    expect(await world.openedBy({ ...ada.browser, ...address })).toBe(ada.customer);
    const signedOut = await world.visit('/billing/manage', {
      headers: { ...SIGNED_OUT, ...address },
    });
    expect(signedOut.status).toBe(303);
  });
});

it('limits nothing while a limiter is down, or where there is none', async () => {
  const down = { limit: async () => Promise.reject(new Error('down')) };
  world.configure({ SESSION_LIMIT: down, CLIENT_LIMIT: down });
  const ada = await world.somebody();
  expect(await world.openedBy(ada.browser)).toBe(ada.customer);
  expect(await (await world.visit('/healthz')).json()).toMatchObject({ rate_limits: 'on' });
  const unlimited = await createWorld();
  expect(await (await unlimited.visit('/healthz')).json()).toMatchObject({ rate_limits: 'off' });
});
