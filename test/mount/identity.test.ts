import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import example from 'virtual:mount-example';
import { HTTPException } from 'hono/http-exception';
import { describe, expect, it, vi } from 'vitest';
import { type Identity } from '../../src/doors/package.ts';
import { auth } from '../auth-of-example.ts';
import { ORIGIN } from '../world.ts';
import { PRESSED } from '../signed-links.ts';
import {
  NAVIGATION,
  codeOf,
  go,
  state,
  logged,
  opened,
  shop,
  useShop,
  visit,
  world,
} from './shop.ts';

useShop();

describe('what the app says of a visitor', () => {
  it.each<[string, Identity]>([
    ['a role that may bill', { subject: 'acme', role: 'owner' }],
    ['a list with one that may', { subject: 'acme', role: ['viewer', 'owner'] }],
    [
      'an organisation and a role there',
      { subject: 'user_9', organisation: 'acme', role: 'owner' },
    ],
    ['all that may be null', { subject: 'acme', email: null, emailVerified: null, role: 'owner' }],
  ])('opens with %s', async (_, identity) => {
    await world.keep({ id: 'cus_acme', subject: 'acme' });
    state.env = { ...state.env, AUTH_BILLING_ROLES: 'owner' };
    state.session = () => identity;
    const response = await visit(shop(), '/api/billing');
    expect(await response.json()).toMatchObject({ state: 'none' });
  });

  it.each<[string, Identity]>([
    ['another role', { subject: 'acme', role: 'viewer' }],
    ['no role', { subject: 'acme' }],
    ['another role in the organisation', { subject: 'u', organisation: 'acme', role: 'viewer' }],
  ])('opens nothing with %s', async (_, identity) => {
    await world.keep({ id: 'cus_acme', subject: 'acme' });
    state.env = { ...state.env, AUTH_BILLING_ROLES: 'owner' };
    state.session = () => identity;
    expect(codeOf(await visit(shop(), '/api/billing'))).toMatch('role_not_allowed');
  });

  it('needs no role of a person who acts for no organisation', async () => {
    const ada = await world.somebody();
    state.env = { ...state.env, AUTH_BILLING_ROLES: 'owner' };
    state.session = () => ({ subject: ada.subject, organisation: null, role: null });
    expect((await go()).status).toBe(303);
  });

  it('can name the Stripe customer', async () => {
    const ada = await world.somebody({ customers: 2 });
    state.session = () => ({ subject: ada.subject, customer: ada.customers[1] });
    expect((await go()).status).toBe(303);
    expect(opened()).toBe(ada.customers[1]);
  });

  it('opens nothing while somebody acts in their place', async () => {
    const ada = await world.somebody();
    state.session = () => ({ subject: ada.subject, impersonatedBy: 'admin' });
    const response = await visit(shop(), '/billing/manage?signed_in=1', { headers: NAVIGATION });
    expect([response.status, codeOf(response)]).toEqual([401, 'token_invalid']);
  });

  it('must be a verified address where the subject is one', async () => {
    const email = 'ada@example.com';
    await world.keep({ id: 'cus_by_email', subject: email });
    state.session = () => ({ subject: email, email });
    expect((await visit(shop(), '/api/billing')).status).toBe(401);
    state.session = () => ({ subject: email, email, emailVerified: true });
    expect((await visit(shop(), '/api/billing')).status).toBe(200);
  });

  it.each<[string, Omit<Identity, 'subject'>]>([
    ['without email', {}],
    ['with email as null', { email: null }],
    ['with email in another case', { email: 'Ada@Example.com' }],
  ])('must be verified %s, too', async (_, rest) => {
    const subject = 'ada@example.com';
    await world.keep({ id: 'cus_by_email', subject });
    state.session = () => ({ subject, ...rest });
    const response = await visit(shop(), '/api/billing');
    expect(response.status).toBe(401);
    state.session = () => ({ subject, ...rest, emailVerified: true });
    expect((await visit(shop(), '/api/billing')).status).toBe(200);
  });

  it('may look like an address where the person’s address is another one', async () => {
    const subject = 'user_7@realm';
    await world.keep({ id: 'cus_of_a_realm', subject });
    state.session = () => ({ subject, email: 'ada@example.com' });
    expect((await visit(shop(), '/api/billing')).status).toBe(200);
  });

  it.each<[string, unknown, string]>([
    ['an empty subject', { subject: '' }, 'subject must be text'],
    ['a blank subject', { subject: ' \t' }, 'subject must be text'],
    ['no subject', { email: 'ada@example.com' }, 'subject must be text'],
    ['a number', { subject: 42 }, 'subject must be text'],
    ['a subject that is too long', { subject: 'x'.repeat(501) }, 'subject must be text'],
    ['text', 'user_1', 'must be an object'],
    ['true', true, 'must be an object'],
    ['a list', [{ subject: 'user_1' }], 'subject must be text'],
    ['a role of another type', { subject: 'a', role: { name: 'owner' } }, 'role must be text'],
    ['a misspelt field', { subject: 'a', roles: ['owner'] }, 'roles is no field'],
    ['"true" as text', { subject: 'a', emailVerified: 'true' }, 'emailVerified must be'],
    ['a subscription', { subject: 'a', customer: 'sub_1' }, 'customer must be a customer id'],
    ['numbers', { subject: '5', organisation: '5' }, 'must not be a number alone'],
    [
      'a user whose fields cannot be read',
      {
        get subject() {
          throw new Error('the session of ada@example.com');
        },
      },
      'reading its fields has thrown',
    ],
    [
      'a customer of somebody else',
      { subject: 'a', organisation: 'b', customer: 'cus_1' },
      'must not stand beside an organisation',
    ],
  ])('is refused in the log’s words if it is %s', async (_, identity, reason) => {
    state.session = () => identity as Identity;
    let response: Response | undefined;
    const lines = await logged(async () => {
      response = await go();
    });
    expect(response?.status).toBe(500);
    expect(codeOf(response!)).toBe('identity_invalid');
    expect(lines).toContain(reason);
    expect(lines).not.toContain('ada@example.com');
    expect(world.sessionsMade()).toBe(0);
  });

  it.each<[string, () => never]>([
    [
      'an error',
      () => {
        throw new Error('the session of ada@example.com');
      },
    ],
    [
      'Hono’s own',
      () => {
        throw new HTTPException(401, { message: 'the session of ada@example.com' });
      },
    ],
    [
      'a response, as React Router does',
      () => {
        // oxlint-disable-next-line typescript/only-throw-error -- frameworks do
        throw new Response('the session of ada@example.com', { status: 302 });
      },
    ],
  ])('is an outage, and no way to sign in, if it throws %s', async (_, fail) => {
    state.session = fail;
    let response: Response | undefined;
    const lines = await logged(async () => {
      response = await go();
    });
    expect([response?.status, codeOf(response!)]).toEqual([503, 'identify_failed']);
    expect(response?.headers.get('retry-after')).toBe('5');
    expect(lines).toContain('identify has thrown');
    expect(lines).toContain('return undefined');
    expect(lines + (await response!.text())).not.toContain('ada@example.com');
  });

  it('is asked each time: nobody is remembered for somebody else', async () => {
    const ada = await world.somebody();
    const eve = await world.somebody();
    const app = shop();
    for (const { subject, customer } of [ada, eve, ada]) {
      state.session = () => ({ subject });
      await go(app);
      expect(opened()).toBe(customer);
    }
    expect(state.asked).toBe(3);
  });

  it('is not asked for what opens nothing', async () => {
    const ada = await world.somebody();
    state.session = () => ({ subject: ada.subject });
    await visit(shop(), '/billing/manage', { method: 'HEAD', headers: NAVIGATION });
    await go(shop(), { ...NAVIGATION, 'sec-purpose': 'prefetch' });
    await go(shop(), { ...NAVIGATION, 'sec-fetch-dest': 'image' });
    const post = await visit(shop(), '/billing/manage', {
      method: 'POST',
      headers: { ...PRESSED, 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams(),
    });
    expect(post.status).toBe(403);
    expect([state.asked, world.sessionsMade()]).toEqual([0, 0]);
  });
});

describe('the code of the page, with Better Auth', () => {
  const openAs = async (subject: string, theirs: { impersonatedBy?: string | null }) => {
    const user = { id: subject, email: 'ada@example.com', emailVerified: true };
    vi.spyOn(auth.api, 'getSession').mockResolvedValue({ user, session: theirs });
    const request = new Request(`${ORIGIN}/billing/manage?signed_in=1`, { headers: NAVIGATION });
    const context = createExecutionContext();
    const response = await example.fetch(request, state.env, context);
    await waitOnExecutionContext(context);
    return response;
  };

  it('opens the billing of who is signed in', async () => {
    const ada = await world.somebody();
    expect((await openAs(ada.subject, {})).status).toBe(303);
    expect((await openAs(ada.subject, { impersonatedBy: null })).status).toBe(303);
    expect(opened()).toBe(ada.customer);
  });

  it('opens nothing for an admin who impersonates them', async () => {
    const ada = await world.somebody();
    const response = await openAs(ada.subject, { impersonatedBy: 'the admin' });
    expect([response.status, codeOf(response)]).toEqual([401, 'token_invalid']);
    expect(world.sessionsMade()).toBe(0);
  });
});
