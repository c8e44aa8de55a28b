import { beforeEach, expect, it, vi } from 'vitest';
import type { PortalLinkEnv } from '../../src/doors/package.ts';
import { skipPauses } from '../clock.ts';
import { collectEvents } from '../deliver.ts';
import { inOwnRequest } from '../own-request.ts';
import { PRESSED } from '../signed-links.ts';
import { ORIGIN, type Person } from '../world.ts';
import { billing, NAVIGATION, state, useShop, world } from './shop.ts';

useShop();

let ada: Person;
let address: string;

beforeEach(async () => {
  ada = await world.somebody();
  address = `${ada.subject}.1@example.com`;
  state.session = () => ({ subject: ada.subject });
});

/** As a framework calls it that has no `ctx` to hand on. */
const ask = async (path: string, init: RequestInit = {}) =>
  billing.app.fetch(new Request(ORIGIN + path, { redirect: 'manual', ...init }), state.env);
const set = (more: Partial<PortalLinkEnv>) => {
  state.env = { ...state.env, ...more };
};

it('shows the page to somebody who comes back from the portal', async () => {
  const opened = await ask('/billing/manage', { headers: NAVIGATION });
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect(cookie).toContain('__Host-portal=');
  const page = await ask('/billing', { headers: { ...NAVIGATION, cookie } });
  expect(page.status).toBe(200);
});

it('syncs after the answer what a webhook above the limit has announced', async () => {
  skipPauses(1_000);
  let asked = 0;
  const limit = async () => ({ success: ++asked > 1 });
  set({ WEBHOOK_LIMIT: { limit } });
  const events = collectEvents({ ...world, visit: ask });
  await world.api.customers.update(ada.customer, { name: 'New' });
  expect(await events.deliverAll()).toEqual([200]);
  await vi.waitFor(async () =>
    expect(await world.row(ada.customer)).toMatchObject({ name: 'New' }),
  );
});

it('mails a link to sign in, after the answer', async () => {
  skipPauses(100);
  const send = vi.fn(async () => ({ messageId: '<1@example.com>' }));
  const free = { limit: async () => ({ success: true }) };
  set({ LINK_SECRET: 'the secret that links are signed with', EMAIL_FROM: 'billing@shop.example' });
  set({ EMAIL: { send } });
  set({ SIGN_IN_BY_ADDRESS: free, SIGN_IN_BY_CLIENT: free });
  const body = new URLSearchParams({ address });
  const answer = await inOwnRequest(async () =>
    ask('/billing/sign-in', { method: 'POST', headers: PRESSED, body }),
  );
  expect(answer.status).toBe(303);
  await vi.waitFor(() => expect(send).toHaveBeenCalledOnce());
});
