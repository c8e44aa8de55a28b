import { createExecutionContext } from 'cloudflare:test';
import { openBilling } from 'virtual:entrypoint-example';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Billing } from '../src/doors/package.ts';
import * as worker from '../src/index.ts';
import { brokenDatabase } from './database.ts';
import { createLinkWorld, LINK_SECRET, type LinkWorld } from './signed-links.ts';
import { ORIGIN, TEST_KEY, WEBHOOK_SECRET, type Person } from './world.ts';

let world: LinkWorld;
let ada: Person;
let settings: Record<string, unknown>;

beforeEach(async () => {
  world = await createLinkWorld({ ALLOWED_ORIGINS: 'https://app.example' });
  ada = await world.somebody();
  settings = {};
  world.stripe.requests.length = 0;
});

type Method = 'portalSession' | 'link' | 'billing' | 'revokeLinks' | 'sync';

/** What a caller gets: plain values only, as they travel from Worker to Worker. */
async function call(name: Method, argument: unknown): Promise<Record<string, unknown>> {
  const env = {
    DB: world.database,
    STRIPE_SECRET_KEY: TEST_KEY,
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    PUBLIC_ORIGIN: ORIGIN,
    ALLOWED_ORIGINS: 'https://app.example',
    LINK_SECRET,
    ...settings,
  };
  const billing = new Billing(createExecutionContext(), env);
  const method = billing[name] as unknown as (given: unknown) => Promise<object>;
  return structuredClone({ ...(await method.call(billing, argument)) });
}

const PORTAL = expect.stringMatching(/^https:\/\/billing\.stripe\.com\//);
const lastSession = () => world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters;

it('is exported by the package only: a Worker of its own opts in', () => {
  expect(Object.keys(worker)).toEqual(['default']);
});

describe('the code of the page', () => {
  const open = async (id: string) => {
    const portalSession = async (wanted: unknown) => call('portalSession', wanted);
    const request = new Request('https://app.example/account/billing');
    const response = await openBilling(request, { BILLING: { portalSession } }, { id });
    return [response.status, response.headers.get('location')];
  };

  it('leads customers to their portal, and others to the prices', async () => {
    expect(await open(ada.subject)).toEqual([303, PORTAL]);
    expect(await open('nobody')).toEqual([303, 'https://app.example/pricing']);
  });

  it('says what else the answer can be', async () => {
    const { subject } = await world.somebody({ customers: 2 });
    expect(await open(subject)).toEqual([303, 'https://app.example/account?no=customer_ambiguous']);
  });
});

describe('portalSession', () => {
  it('opens the portal of any subject, without a setting of AUTH_', async () => {
    expect(await call('portalSession', { subject: ada.subject })).toEqual({
      kind: 'open',
      url: PORTAL,
      flowUnavailable: false,
    });
    expect(lastSession()).toMatchObject({
      customer: ada.customer,
      return_url: `${ORIGIN}/billing`,
    });
  });

  it('takes a flow, a way back and a language', async () => {
    world.allowAllFlows();
    const flow = 'payment_method_update';
    const returnTo = 'https://app.example/account';
    const wanted = { subject: ada.subject, flow, returnTo, locale: 'de' };
    expect(await call('portalSession', wanted)).toMatchObject({ kind: 'open' });
    expect(lastSession()).toMatchObject({
      locale: 'de',
      return_url: returnTo,
      flow_data: { type: flow },
    });
  });

  it('asks which one of several, and takes the answer', async () => {
    const bob = await world.somebody({ customers: 2 });
    const { subject, customers } = bob;
    expect(await call('portalSession', { subject })).toEqual({
      kind: 'customer_ambiguous',
      ids: customers,
    });
    await call('portalSession', { subject, customer: customers[1] });
    expect(lastSession()).toMatchObject({ customer: customers[1] });
  });

  it('says what is expected as a value', async () => {
    const { subject } = ada;
    const kindOf = async (wanted: object) => (await call('portalSession', wanted))['kind'];
    expect(await kindOf({ subject: 'nobody' })).toBe('customer_not_found');
    expect(await kindOf({ subject, customer: 'cus_of_another' })).toBe('customer_not_yours');
    expect(await kindOf({ subject, subscription: 'sub_of_another' })).toBe(
      'subscription_not_yours',
    );
    expect(await kindOf({ subject, flow: 'pay' })).toBe('nothing_due');
    expect(await kindOf({ subject, returnTo: 'https://evil.example/' })).toBe('return_to_refused');
    expect(world.sessionsMade()).toBe(0);
  });

  it('holds to the limit of sessions, and to roles if the caller names them', async () => {
    settings = { AUTH_BILLING_ROLES: 'owner' };
    const { subject } = ada;
    const kindOf = async (roles?: string[]) =>
      (await call('portalSession', { subject, roles }))['kind'];
    expect(await kindOf(['viewer'])).toBe('role_not_allowed');
    expect(await kindOf([])).toBe('role_not_allowed');
    expect(await kindOf(['viewer', 'owner'])).toBe('open');
    expect(await kindOf()).toBe('open');
    settings = { SESSION_LIMIT: { limit: async () => ({ success: false }) } };
    expect(await call('portalSession', { subject })).toMatchObject({
      kind: 'rate_limited',
      retryAfter: 60,
    });
  });

  it('finds a subject of odd characters, and nobody else', async () => {
    const subject = "x' OR metadata['user_id']:'y\"\\%00/../“";
    expect(await call('portalSession', { subject })).toMatchObject({ kind: 'customer_not_found' });
    await world.api.customers.create({ metadata: { user_id: subject } });
    await world.keep({ id: 'cus_odd', subject });
    expect(await call('billing', subject)).toMatchObject({ kind: 'billing', state: 'none' });
  });
});

describe('an argument that does not fit', () => {
  it.each<[Method, unknown, string]>([
    ['portalSession', undefined, 'The argument must be an object'],
    ['portalSession', 'user_1', 'The argument must be an object'],
    ['portalSession', {}, 'with no other keys than'],
    ['portalSession', { subject: '' }, 'subject: must be'],
    ['portalSession', { subject: ['user_1'] }, 'subject: must be'],
    ['portalSession', { subject: 'x'.repeat(501) }, 'subject: must be'],
    ['portalSession', { subject: 'a', return_to: '/' }, 'returnTo'],
    ['portalSession', { subject: 'a', roles: 'owner' }, 'roles: must be a list'],
    ['portalSession', { subject: 'a', flow: 'everything' }, 'flow: must be one of'],
    ['link', { subject: 'a', customer: 'cus_1' }, 'name either'],
    ['link', { customer: 'sub_1' }, 'customer: must be'],
    ['link', { subject: 'a', expiresIn: 2_592_001 }, 'expiresIn: must be'],
    ['link', { subject: 'a', flow: 'subscription_update_confirm' }, 'flow: must be'],
    ['portalSession', { subject: ' \t' }, 'subject: must be'],
    ['link', { subject: '   ' }, 'subject: must be'],
    ['billing', '\n', 'subject: must be'],
    ['revokeLinks', { subject: ' ' }, 'subject: must be'],
    ['billing', undefined, 'subject: must be'],
    ['billing', { subject: 'a' }, 'subject: must be'],
    ['revokeLinks', {}, 'name either'],
    ['revokeLinks', { subject: 'a', all: true }, 'no other keys'],
    ['sync', 'sub_1', 'customer: must be'],
    ['sync', '../customers', 'customer: must be'],
  ])('of %s is named: %j', async (name, argument, detail) => {
    const answer = await call(name, argument);
    expect(answer).toEqual({ kind: 'request_invalid', detail: expect.stringContaining(detail) });
    expect(world.stripe.requests).toEqual([]);
  });
});

describe('link', () => {
  it('signs a link that works', async () => {
    const answer = await call('link', { subject: ada.subject, expiresIn: 60, flow: 'pay' });
    expect(answer).toMatchObject({ kind: 'signed', expiresAt: expect.any(Number) });
    const token = new URL(String(answer['url'])).searchParams.get('token')!;
    expect((await world.look(token)).status).toBe(200);
  });

  it('leads back to allowed addresses only', async () => {
    const { subject } = ada;
    expect(await call('link', { subject, returnTo: '//evil.example' })).toMatchObject({
      kind: 'return_to_refused',
      detail: expect.stringMatching(/^Give returnTo as /),
    });
  });

  it('is a fault, named by its code, without the settings that it needs', async () => {
    const { subject } = ada;
    settings = { LINK_SECRET: '' };
    await expect(call('link', { subject })).rejects.toThrow(
      /^configuration_invalid: .*LINK_SECRET/,
    );
    settings = { PUBLIC_ORIGIN: '' };
    await expect(call('link', { subject })).rejects.toThrow(/^public_origin_missing: /);
  });
});

describe('billing', () => {
  it('says state, plan and period in one query, and asks Stripe nothing', async () => {
    const { id } = await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    world.queries.length = 0;
    world.stripe.requests.length = 0;
    expect(await call('billing', ada.subject)).toMatchObject({
      kind: 'billing',
      state: 'active',
      plan: 'Pro',
      periodEnd: expect.any(Number),
      mayBeDue: false,
      isFresh: true,
      subscriptions: [{ id, customer: ada.customer }],
    });
    expect(world.queries).toHaveLength(1);
    expect(world.stripe.requests).toEqual([]);
    expect(await call('billing', 'nobody')).toMatchObject({ state: 'unknown', isFresh: false });
  });
});

describe('revokeLinks', () => {
  it('ends the links signed so far', async () => {
    const { url } = await call('link', { subject: ada.subject });
    const token = new URL(String(url)).searchParams.get('token')!;
    expect(await call('revokeLinks', { customer: ada.customer })).toEqual({ kind: 'revoked' });
    expect((await world.press(token)).status).toBe(403);
  });
});

describe('sync', () => {
  it('writes what Stripe has', async () => {
    await world.api.customers.update(ada.customer, { name: 'Ada Lovelace' });
    expect(await call('sync', ada.customer)).toEqual({ kind: 'synced' });
    expect(await world.row(ada.customer)).toMatchObject({ name: 'Ada Lovelace' });
  });

  it('says that Stripe has no such customer, and holds to a limit', async () => {
    expect(await call('sync', 'cus_nobody')).toMatchObject({ kind: 'customer_not_found' });
    settings = { SESSION_LIMIT: { limit: async () => ({ success: false }) } };
    expect(await call('sync', ada.customer)).toMatchObject({ kind: 'rate_limited' });
  });
});

describe('a fault', () => {
  it('is thrown by its code, and its reason stays in our log', async () => {
    const lines = vi.spyOn(console, 'error').mockImplementation(() => {});
    const secret = 'D1_ERROR: near user_42: syntax error';
    settings = { DB: brokenDatabase(secret) };
    const thrown = await call('billing', ada.subject).catch((error: unknown) => error);
    const { message, cause } = thrown as Error;
    expect(message).toMatch(/^database_unavailable: D1 does not answer.* \([0-9A-Z]{8}\)$/);
    expect(message).not.toContain('D1_ERROR');
    expect(cause).toBeUndefined();
    const [line] = lines.mock.calls.flat().map((text) => JSON.parse(String(text)));
    expect(line).toMatchObject({ event: 'call', method: 'billing', reason: secret });
    expect(message).toContain(line.reference);
  });

  it('of the settings names them, and not what is in them', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    settings = { STRIPE_SECRET_KEY: 'hunter2' };
    const fails = call('billing', ada.subject);
    await expect(fails).rejects.toThrow(/^configuration_invalid: .*STRIPE_SECRET_KEY/);
    await expect(fails).rejects.not.toThrow('hunter2');
  });
});

it('writes one line for each call, without a subject or an address', async () => {
  const lines = vi.spyOn(console, 'info').mockImplementation(() => {});
  await call('portalSession', { subject: ada.subject });
  await call('link', { subject: ada.subject, email: 'ada@example.com' });
  const text = lines.mock.calls.flat().map(String);
  expect(text.map((line) => JSON.parse(line))).toMatchObject([
    { event: 'call', method: 'portalSession', outcome: 'open' },
    { event: 'call', method: 'link', outcome: 'signed' },
  ]);
  expect(text.join('')).not.toMatch(/user_\d|example\.com|eyJ|p\/session/);
});
