import { beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { skipTries, stopClock, until } from '../clock.ts';
import type { Fault } from '../stripe/index.ts';
import { createWorld, WEBHOOK_SECRET, type Person, type World } from '../world.ts';

const SESSIONS = '/v1/billing_portal/sessions';
// Time-outs take as long as they take: `npm run test:soak` has it.
const isSoak = inject('soak');

let world: World;
let ada: Person;
beforeEach(async () => {
  skipTries();
  world = await createWorld();
  ada = await world.somebody();
});

const json = (body: string): Fault => ({ status: 200, body, contentType: 'application/json' });

/** Each way for an answer of Stripe to be bad, and what it is called; undefined is survived. */
const stripeFaults: [what: string, fault: Fault, code: string | undefined][] = [
  ['refuses the connection', { cut: true, times: 2 }, 'stripe_unreachable'],
  ['refuses it once', { cut: true }, undefined],
  ['is slow', { delay: 700 }, undefined],
  ['says 429', { status: 429, times: 4 }, 'stripe_rate_limited'],
  ['says 429 once', { status: 429 }, undefined],
  ['says 500', { status: 500, times: 2 }, 'stripe_unavailable'],
  ['says 500 once', { status: 500 }, undefined],
  [
    'says 502 in HTML',
    { status: 502, body: '<h1>Bad gateway</h1>', times: 2 },
    'stripe_unavailable',
  ],
  [
    'cuts its JSON off',
    { ...json('{"id": "bps_1", "url": "https://bi'), times: 2 },
    'stripe_unavailable',
  ],
  ...(isSoak
    ? [
        ['hangs', { delay: 60_000, times: 2 }, 'stripe_unreachable'] satisfies [
          string,
          Fault,
          string,
        ],
      ]
    : []),
];

/** Answers that only a session can be wrong in. */
const sessionFaults: [what: string, fault: Fault, code: string][] = [
  ['answers with a list', json('[1, 2]'), 'stripe_answer_unusable'],
  ['answers with null', json('null'), 'stripe_answer_unusable'],
  [
    'answers without a url',
    json('{"id": "bps_1", "object": "billing_portal.session"}'),
    'stripe_answer_unusable',
  ],
  [
    'answers with an http url',
    json('{"url": "http://billing.stripe.com/p/session/x"}'),
    'stripe_answer_unusable',
  ],
  [
    'answers with a script for a url',
    json('{"url": "javascript:alert(1)"}'),
    'stripe_answer_unusable',
  ],
  ['answers with a number for a url', json('{"url": 7}'), 'stripe_answer_unusable'],
];

/** Every way that leads to a session. */
const ways: [what: string, go: () => Promise<Response>, ok: number][] = [
  ['the link', async () => world.visit('/billing/manage', { headers: ada.browser }), 303],
  [
    'the button',
    async () =>
      world.visit('/billing/manage', {
        method: 'POST',
        headers: {
          ...ada.browser,
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: '',
      }),
    303,
  ],
  [
    'the API',
    async () =>
      world.visit('/api/stripe/create-portal-session', {
        method: 'POST',
        headers: { ...ada.bearer, 'content-type': 'application/json' },
        body: '{}',
      }),
    200,
  ],
];

/** The page or problem names the code, and leads nowhere. */
async function expectOutcome(response: Response, code: string | undefined, ok: number) {
  if (code === undefined) return expect(response.status).toBe(ok);
  expect(response.status).toBeGreaterThanOrEqual(500);
  expect(response.headers.get('x-error-code')).toBe(code);
  return expect(response.headers.get('location')).toBeNull();
}

/** Delivers Stripe's last event, as often as wanted. */
function deliveryOfLastEvent() {
  const payload = JSON.stringify([...world.stripe.state.events.values()].at(-1));
  const signed = { payload, secret: WEBHOOK_SECRET };
  return async () =>
    world.visit('/api/stripe/webhook', {
      method: 'POST',
      headers: {
        'stripe-signature': await world.api.webhooks.generateTestHeaderStringAsync(signed),
      },
      body: payload,
    });
}

const sessionsAtStripe = () => world.stripe.state.portalSessions.size;

// They share all but their ends: the first stands for them in `npm test`.
describe.each(isSoak ? ways : ways.slice(0, 1))('on the way of %s', (_way, go, ok) => {
  it.each([...stripeFaults, ...sessionFaults])(
    'Stripe %s',
    async (_what, fault, code) => {
      world.stripe.faults.order({ path: SESSIONS, ...fault });
      await expectOutcome(await go(), code, ok);
      expect(sessionsAtStripe()).toBeLessThanOrEqual(1);

      const before = sessionsAtStripe();
      world.stripe.faults.clear();
      expect((await go()).status).toBe(ok);
      expect(sessionsAtStripe()).toBe(before + 1);
    },
    15_000,
  );

  it('Stripe loses its answer: the second try gets the same session', async () => {
    world.stripe.faults.order({ path: SESSIONS, cut: true, afterEffect: true });
    expect((await go()).status).toBe(ok);
    expect(sessionsAtStripe()).toBe(1);
    const keys = world.callsTo(SESSIONS).map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  it.each([
    ['stumbles once', 1, 'D1_ERROR: Network connection lost.', undefined],
    ['stumbles twice', 2, 'D1_ERROR: Network connection lost.', 'database_unavailable'],
    [
      'is overloaded',
      1,
      'D1_ERROR: D1 DB is overloaded. Too many requests queued.',
      'database_unavailable',
    ],
    [
      'has no tables',
      1,
      'D1_ERROR: no such table: customers: SQLITE_ERROR',
      'database_unavailable',
    ],
  ])('D1 %s', async (_what, times, message, code) => {
    for (let time = 0; time < times; time += 1) world.failQuery(message);
    await expectOutcome(await go(), code, ok);
    expect(sessionsAtStripe()).toBe(code === undefined ? 1 : 0);
    expect((await go()).status).toBe(ok);
  });
});

describe.each(stripeFaults)('when Stripe %s', (_what, fault, code) => {
  it('a search for somebody new ends in the named outage, and finds them afterwards', async () => {
    const subject = crypto.randomUUID();
    const { id } = await world.api.customers.create({ metadata: { user_id: subject } });
    const newcomer = await world.visitor(subject);
    world.stripe.faults.order({ path: '/v1/customers/search', ...fault });
    const follow = async () => world.visit('/billing/manage', { headers: newcomer.browser });
    await expectOutcome(await follow(), code, 303);
    world.stripe.faults.clear();
    expect(await world.openedBy(newcomer.browser)).toBe(id);
  }, 15_000);

  it('a webhook writes all or nothing, and is taken when it comes again', async () => {
    const customer = await world.api.customers.create({ metadata: { user_id: 'hooked' } });
    const deliver = deliveryOfLastEvent();
    world.stripe.faults.order({ path: `/v1/customers/${customer.id}`, ...fault });
    // Above Stripe’s rate limit it is left to the cron job.
    const refusal = code === 'stripe_rate_limited' ? undefined : code;
    await expectOutcome(await deliver(), refusal, 200);
    if (code !== undefined) expect(await world.row(customer.id)).toMatchObject({ subject: null });
    world.stripe.faults.clear();
    expect((await deliver()).status).toBe(200);
    expect(await world.row(customer.id)).toMatchObject({ subject: 'hooked' });
  }, 15_000);
});

describe('a webhook whose write fails', () => {
  it.each([0, 1, 2, 3])('at statement %i leaves nothing half written', async (after) => {
    const customer = await world.api.customers.create({ metadata: { user_id: `half ${after}` } });
    await world.subscribe(customer.id);
    const deliver = deliveryOfLastEvent();
    world.failQuery('D1_ERROR: D1 DB is overloaded.', after);
    expect((await deliver()).status).toBe(503);
    const row = await world.row(customer.id);
    expect(row?.['synced_ticket'] ?? 0).toBe(0);
    expect(await world.stores.customers.subscriptionsOf(customer.id)).toEqual([]);
    expect((await deliver()).status).toBe(200);
    expect(await world.stores.customers.subscriptionsOf(customer.id)).toHaveLength(1);
  });
});

describe('when the identity provider', () => {
  const hang = async ({ signal }: Request) =>
    new Promise<Response>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('Aborted')));
    });
  const answers: [
    what: string,
    answer: (request: Request) => Promise<Response>,
    code: string | undefined,
  ][] = [
    [
      'refuses the connection',
      async () => Promise.reject(new TypeError('refused')),
      'identity_provider_unavailable',
    ],
    ['says 429', async () => new Response('', { status: 429 }), 'identity_provider_unavailable'],
    ['says 500', async () => new Response('', { status: 500 }), 'identity_provider_unavailable'],
    [
      'says 502 in HTML',
      async () => new Response('<h1>', { status: 502 }),
      'identity_provider_unavailable',
    ],
    ['says 200 in HTML', async () => new Response('<h1>'), 'identity_provider_unavailable'],
    ['cuts its JSON off', async () => new Response('{"keys":[{'), 'identity_provider_unavailable'],
    ['answers with a list', async () => Response.json([]), 'identity_provider_unavailable'],
    ['answers with null', async () => Response.json(null), 'identity_provider_unavailable'],
    ['has no keys', async () => Response.json({ keys: [] }), 'identity_provider_unavailable'],
    [
      'redirects',
      async () => Response.redirect('https://evil.example/keys', 302),
      'identity_provider_unavailable',
    ],
    ['hangs', hang, 'identity_provider_unavailable'],
  ];

  it.each(answers)(
    '%s, visitors get a page that says so, and are let in once it is back',
    async (_, answer, code) => {
      const provider = vi.fn(answer);
      world.replaceProvider(provider);
      const clock = stopClock();
      const visit = world.visit('/billing/manage', { headers: ada.browser });
      await until(() => provider.mock.calls.length > 0);
      if (answer === hang) await clock.pass(3_000);
      await expectOutcome(await visit, code, 303);
      expect(world.sessionsMade()).toBe(0);
      world.configure({});
      world.replaceProvider(world.provider.fetch);
      expect(await world.openedBy(ada.browser)).toBe(ada.customer);
    },
  );

  it('fails, those with keys still fresh notice nothing', async () => {
    expect(await world.openedBy(ada.browser)).toBe(ada.customer);
    world.replaceProvider(async () => new Response('', { status: 500 }));
    expect(await world.openedBy(ada.browser)).toBe(ada.customer);
  });
});
