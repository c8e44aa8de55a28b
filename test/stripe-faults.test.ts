import { Stripe } from 'stripe';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { skipTries, stopClock, until } from './clock.ts';
import { createWorld, LIVE_KEY, type Person, type World } from './world.ts';

const SESSIONS = '/v1/billing_portal/sessions';

let world: World;
let ada: Person;

beforeEach(async () => {
  world = await createWorld();
  ada = await world.somebody();
});

const follow = (host = 'https://shop.example', accept = 'application/json') =>
  world.visit(`${host}/billing/manage`, { headers: { ...ada.browser, accept } });

type Problem = { code: string; stripe_request_id?: string; developer?: { remedy: string } };

/** The stable code, and what a developer reads on a loopback host. */
async function faultOf(): Promise<{ status: number; code: string; remedy: string }> {
  const response = await follow('http://localhost:8787');
  const problem = await response.json<Problem>();
  return { status: response.status, code: problem.code, remedy: problem.developer?.remedy ?? '' };
}

const refusal = (message: string, more: Record<string, string> = {}) => ({
  error: { message, type: 'invalid_request_error', ...more },
});

describe('what Stripe refuses', () => {
  it('a portal that was never saved in test mode', async () => {
    world.stripe.state.portalSaved.test = false;
    const { status, code, remedy } = await faultOf();
    expect([status, code]).toEqual([503, 'portal_not_configured']);
    expect(remedy).toContain('https://dashboard.stripe.com/test/settings/billing/portal');
  });

  it('a portal that was never saved in live mode', async () => {
    world = await createWorld({ STRIPE_SECRET_KEY: LIVE_KEY });
    world.stripe.state.portalSaved.live = false;
    ada = await world.somebody({ customers: 0 });
    const live = await world.liveApi.customers.create({ name: 'Ada' });
    await world.keep({ id: live.id, subject: ada.subject }, true);
    const { code, remedy } = await faultOf();
    expect(code).toBe('portal_not_configured');
    expect(remedy).toContain('https://dashboard.stripe.com/settings/billing/portal');
  });

  it('a customer of the other mode', async () => {
    world = await createWorld({ STRIPE_SECRET_KEY: LIVE_KEY });
    ada = await world.somebody({ customers: 0 });
    const { id } = await world.api.customers.create({ name: 'Ada' });
    await world.keep({ id, subject: ada.subject }, true);
    const { status, code, remedy } = await faultOf();
    expect([status, code]).toEqual([503, 'stripe_mode_mismatch']);
    expect(remedy).toContain('is a live mode key, but this customer belongs to test mode');
  });

  it('a portal configuration that is gone', async () => {
    world = await createWorld({ PORTAL_CONFIGURATION: 'bpc_gone' });
    ada = await world.somebody();
    const { status, code, remedy } = await faultOf();
    expect([status, code]).toEqual([503, 'portal_configuration_missing']);
    expect(remedy).toContain('PORTAL_CONFIGURATION');
  });

  it('a portal configuration of the other mode, which is no fault of the customer', async () => {
    world.stripe.faults.order({
      path: SESSIONS,
      status: 400,
      body: refusal(
        "No such configuration: 'bpc_x'; a similar object exists in live mode, but a test mode key was used to make this request.",
        { code: 'resource_missing', param: 'configuration' },
      ),
    });
    expect(await faultOf()).toMatchObject({ code: 'portal_configuration_missing' });
  });

  it('a restricted key without the right to open the portal, which it names', async () => {
    world.stripe.state.keys.set('rk_test_restricted', { livemode: false, permissions: new Set() });
    world.configure({ STRIPE_SECRET_KEY: 'rk_test_restricted' });
    const { status, code, remedy } = await faultOf();
    expect([status, code]).toEqual([503, 'stripe_permission_missing']);
    expect(remedy).toContain('rak_customer_portal_write');
  });

  it('a key that is wrong', async () => {
    world.configure({ STRIPE_SECRET_KEY: 'sk_test_unknown00' });
    expect(await faultOf()).toMatchObject({ status: 503, code: 'stripe_key_refused' });
  });

  it('a key that has expired', async () => {
    world.stripe.state.keys.set('sk_test_expired0', { livemode: false, expired: true });
    world.configure({ STRIPE_SECRET_KEY: 'sk_test_expired0' });
    expect(await faultOf()).toMatchObject({ status: 503, code: 'stripe_key_expired' });
  });

  it.each<[string, string, number, unknown]>([
    [
      'an unsaved portal, in the older wording',
      '503 portal_not_configured',
      400,
      refusal(
        'You can’t create a portal session in test mode until you save your customer portal settings in test mode at https://dashboard.stripe.com/test/settings/billing/portal.',
      ),
    ],
    [
      'a flow that is switched off',
      '409 flow_unavailable',
      400,
      refusal(
        'This subscription cannot be updated because the subscription update feature in the portal configuration is disabled.',
      ),
    ],
    [
      'cancelling what is already cancelling',
      '409 subscription_already_canceling',
      400,
      refusal('This subscription is already set to be canceled at the end of the period.'),
    ],
    [
      'a return address without a scheme',
      '503 return_url_refused',
      400,
      refusal('Invalid URL: An explicit scheme (such as https) must be provided.', {
        code: 'url_invalid',
        param: 'return_url',
      }),
    ],
    [
      'a rate that is too high',
      '503 stripe_rate_limited',
      429,
      refusal('Request rate limit exceeded.', { code: 'rate_limit' }),
    ],
    [
      'an object that is locked',
      '503 stripe_object_locked',
      429,
      refusal(
        'This object cannot be accessed right now because another API request or Stripe process is currently accessing it.',
        { code: 'lock_timeout' },
      ),
    ],
    [
      'something that nobody foresaw',
      '502 stripe_request_refused',
      400,
      refusal('Received unknown parameter: foo', { code: 'parameter_unknown', param: 'foo' }),
    ],
  ])('%s', async (_, outcome, stripeStatus, body) => {
    skipTries();
    world.stripe.faults.order({ path: SESSIONS, status: stripeStatus, body, times: 8 });
    const { status, code } = await faultOf();
    expect(`${status} ${code}`).toBe(outcome);
    if (stripeStatus !== 429) return;
    expect(Number((await follow()).headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('when Stripe is in trouble', () => {
  it('asks again for what the rate limit refused, with the same idempotency key', async () => {
    skipTries();
    world.stripe.faults.order({ path: SESSIONS, status: 429, times: 3 });
    expect((await follow()).status).toBe(303);
    const calls = world.callsTo(SESSIONS);
    expect(calls.map(({ status }) => status)).toEqual([429, 429, 429, 200]);
    expect(new Set(calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('asks no fifth time while the rate limit refuses', async () => {
    skipTries();
    world.stripe.faults.order({ path: SESSIONS, status: 429, times: 5 });
    expect(await (await follow()).json()).toMatchObject({ code: 'stripe_rate_limited' });
    expect(world.callsTo(SESSIONS)).toHaveLength(4);
  });

  it('begins no try that could not end in time, so that the rate limit is what people read', async () => {
    skipTries();
    world.stripe.faults.order({ path: SESSIONS, status: 429, delay: 250, times: 5 });
    expect(await (await follow()).json()).toMatchObject({ code: 'stripe_rate_limited' });
    expect(world.callsTo(SESSIONS)).toHaveLength(3);
  });

  it('tries once more with the same idempotency key, and makes one session', async () => {
    world.stripe.faults.order({ path: SESSIONS, status: 500, afterEffect: true });
    expect((await follow()).status).toBe(303);
    const calls = world.callsTo(SESSIONS);
    expect(calls).toHaveLength(2);
    expect(new Set(calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(world.stripe.state.portalSessions.size).toBe(1);
  });

  it.each<[string, string, Parameters<World['stripe']['faults']['order']>[0]]>([
    [
      'is down',
      'stripe_unavailable',
      { status: 500, body: { error: { type: 'api_error', message: 'x' } } },
    ],
    [
      'answers a gateway’s HTML',
      'stripe_unavailable',
      { status: 502, body: '<html>Bad gateway</html>', contentType: 'text/html' },
    ],
    ['cannot be reached', 'stripe_unreachable', { cut: true }],
    ['answers half a body', 'stripe_unavailable', { status: 200, body: '{"id":"bps_1","url":' }],
    [
      'answers success without a URL',
      'stripe_answer_unusable',
      { status: 200, body: { id: 'bps_1' } },
    ],
    [
      'answers a URL that is not https',
      'stripe_answer_unusable',
      { status: 200, body: { url: 'javascript:alert(1)' } },
    ],
    ['answers null', 'stripe_answer_unusable', { status: 200, body: 'null' }],
  ])('says so and when to try again: it %s', async (_, code, fault) => {
    world.stripe.faults.order({ path: SESSIONS, times: 2, ...fault });
    const response = await follow();
    expect(await response.json()).toMatchObject({ code });
    expect(response.status).toBeGreaterThanOrEqual(502);
    expect(response.headers.get('retry-after')).toBe('10');
    world.stripe.faults.clear();
    expect((await follow()).status).toBe(303);
  });

  it('gives up on a call that hangs after two tries of four seconds', async () => {
    world.stripe.faults.order({ path: SESSIONS, times: 2, delay: 60_000 });
    vi.spyOn(Stripe.prototype, 'getInitialNetworkRetryDelay').mockReturnValue(0.5);
    const tries = () => world.callsTo(SESSIONS).length;
    const clock = stopClock();
    let isAnswered = false;
    const answer = follow().finally(() => (isAnswered = true));
    await until(() => tries() === 1);
    await clock.pass(4_000, 2);
    // The client pauses for half a second at most before it tries again.
    await clock.pass(500);
    await until(() => tries() === 2);
    await clock.pass(3_999, 2);
    expect(isAnswered).toBe(false);
    await clock.pass(1);
    expect(await (await answer).json()).toMatchObject({ code: 'stripe_unreachable' });
    expect(tries()).toBe(2);
  });
});

describe('what people read', () => {
  it('is the reason and the dashboard page on the developer’s own machine', async () => {
    world.stripe.state.portalSaved.test = false;
    const page = await (await follow('http://localhost:8787', 'text/html')).text();
    expect(page).toContain('Billing is temporarily unavailable');
    expect(page).toContain('href="https://dashboard.stripe.com/test/settings/billing/portal"');
  });

  it('is advice, a reference and nothing of the reason anywhere else', async () => {
    world.stripe.state.keys.set('rk_test_restricted', { livemode: false, permissions: new Set() });
    world.configure({ STRIPE_SECRET_KEY: 'rk_test_restricted' });
    const page = await (await follow('https://shop.example', 'text/html')).text();
    expect(page).toMatch(/Reference: <code>[\dA-Z]{8}</);
    expect(page).not.toMatch(
      /stripe_|req_|acct_|rak_|dashboard\.stripe\.com|StripePermissionError/,
    );
    const problem = await (await follow()).json<Problem>();
    expect(problem.stripe_request_id).toMatch(/^req_/);
    expect(JSON.stringify(problem)).not.toMatch(/acct_|rak_|dashboard\.stripe\.com/);
  });

  it('leaves in the log neither the account nor a part of the key that was refused', async () => {
    const lines = vi.spyOn(console, 'error').mockImplementation(() => {});
    world.stripe.state.keys.set('rk_test_restricted', { livemode: false, permissions: new Set() });
    for (const STRIPE_SECRET_KEY of ['rk_test_restricted', 'sk_test_unknown_to_stripe']) {
      world.configure({ STRIPE_SECRET_KEY });
      await follow();
    }
    const text = lines.mock.calls.flat().map(String).join();
    expect(text).toMatch(/stripe_permission_missing.*stripe_key_refused/);
    expect(text).not.toMatch(/acct_|\*\*/);
  });

  it('goes to the log with the reason and the remedy', async () => {
    const lines = vi.spyOn(console, 'error').mockImplementation(() => {});
    world.stripe.state.portalSaved.test = false;
    await follow();
    const entry = JSON.parse(String(lines.mock.calls[0]?.[0]));
    expect(entry).toMatchObject({
      event: 'request',
      outcome: 'portal_not_configured',
      route: 'GET /billing/manage',
      stripe_request_id: expect.stringMatching(/^req_/),
    });
    expect(entry.reason).toContain('No configuration provided');
    expect(entry.remedy).toContain('https://dashboard.stripe.com/test/settings/billing/portal');
  });
});
