import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createWorld, SIGNED_OUT, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});

type Line = Record<string, string | number>;
type Answer = (request: Request) => Promise<Response>;

/** Every line that this visit writes. */
async function linesOf(visit: () => Promise<Response>) {
  const lines: Line[] = [];
  for (const level of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((text) =>
      lines.push({ ...JSON.parse(text), level }),
    );
  }
  const response = await visit();
  vi.restoreAllMocks();
  return { lines, response };
}

describe('each request', () => {
  it.each<[string, string, RequestInit, Line]>([
    [
      'a click',
      '/billing/manage',
      {},
      { route: 'GET /billing/manage', status: 303, outcome: 'session_opened' },
    ],
    ['a page', '/billing', {}, { route: 'GET /billing', status: 200, outcome: 'page' }],
    ['a health check', '/healthz', {}, { route: 'GET /healthz', status: 200, outcome: 'ok' }],
    ['a wrong address', '/nowhere', {}, { status: 404, outcome: 'address_not_found' }],
    [
      'a wrong method',
      '/billing',
      { method: 'PUT' },
      { status: 405, outcome: 'method_not_allowed' },
    ],
    [
      'a webhook of nobody',
      '/api/stripe/webhook',
      { method: 'POST', body: '{}' },
      { route: 'POST /api/stripe/webhook', status: 400, outcome: 'webhook_refused' },
    ],
  ])('writes one line: %s', async (_what, path, init, expected) => {
    const ada = await world.somebody();
    const { lines, response } = await linesOf(async () =>
      world.visit(path, { headers: ada.browser, ...init }),
    );
    expect(lines).toEqual([
      expect.objectContaining({ event: 'request', level: 'info', ...expected }),
    ]);
    expect(lines[0]!['request_id']).toBe(response.headers.get('x-request-id'));
  });

  it('tells where the time went, and how to find the call at Stripe', async () => {
    const ada = await world.somebody();
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const takes = (milliseconds: number, answer: Answer) => async (request: Request) => {
      now += milliseconds;
      return answer(request);
    };
    world.answerAt('id.example', takes(30, world.provider.fetch));
    world.answerAt('api.stripe.com', takes(120, world.stripe.fetch));
    const { lines, response } = await linesOf(async () =>
      world.visit('/billing/manage', { headers: ada.browser }),
    );
    expect(lines).toMatchObject([
      {
        identity_ms: 30,
        database_ms: 0,
        stripe_ms: 120,
        total_ms: 150,
        stripe_request_id: expect.stringMatching(/^req_/),
      },
    ]);
    expect(response.headers.get('server-timing')).toBe(
      'identity;dur=30.0, database;dur=0.0, stripe;dur=120.0, total;dur=150.0',
    );
  });

  it('says why a token was refused, and nothing of it', async () => {
    const { lines } = await linesOf(async () =>
      world.visit('/billing/manage', { headers: { ...SIGNED_OUT, cookie: 'session=a.b.c' } }),
    );
    expect(lines).toMatchObject([{ outcome: 'sign_in', token_refusal: 'cookie: malformed' }]);
    expect(JSON.stringify(lines)).not.toContain('a.b.c');
  });

  it('has an id of its own, or Cloudflare’s, and no other', async () => {
    const idOf = async (ray?: string) =>
      (
        await world.visit('/healthz', ray === undefined ? {} : { headers: { 'cf-ray': ray } })
      ).headers.get('x-request-id');
    expect(await idOf('8f2c1a7b3d4e5f60-FRA')).toBe('8f2c1a7b3d4e5f60-FRA');
    expect(await idOf('<script>')).toMatch(/^[\da-f-]{36}$/);
    expect(await idOf()).not.toBe(await idOf());
  });

  it('has a reference on a page of an error, and its id in a problem', async () => {
    const { lines, response: page } = await linesOf(async () =>
      world.visit('/nowhere', { headers: SIGNED_OUT }),
    );
    const [, reference] = /<code>([\dA-Z]{8})<\/code>/.exec(await page.text()) ?? [];
    expect(lines).toMatchObject([{ reference, outcome: 'address_not_found' }]);
    expect(page.headers.get('x-error-code')).toBe('address_not_found');
    const problem = await world.visit('/nowhere');
    expect(await problem.json()).toMatchObject({ request_id: problem.headers.get('x-request-id') });
  });

  it('keeps apart what happens to requests at the same time', async () => {
    const [ada, eve] = [await world.somebody(), await world.somebody()];
    world.stripe.faults.order({ path: '/v1/billing_portal/sessions', status: 500 });
    world.stripe.faults.order({ path: '/v1/billing_portal/sessions', status: 500 });
    const { lines } = await linesOf(async () => {
      const [first] = await Promise.all([
        world.visit('/billing/manage', { headers: ada.browser }),
        world.visit('/billing', { headers: eve.browser }),
      ]);
      return first;
    });
    const byRoute = Object.fromEntries(lines.map((line) => [line['route'], line]));
    expect(byRoute['GET /billing/manage']).toMatchObject({ outcome: 'stripe_unavailable' });
    expect(byRoute['GET /billing']).toMatchObject({ outcome: 'page', stripe_ms: 0 });
    expect(byRoute['GET /billing']).not.toHaveProperty('stripe_request_id');
  });
});

it('writes one data point for each request where Analytics Engine is bound', async () => {
  const writeDataPoint = vi.fn();
  world = await createWorld({ METRICS: { writeDataPoint } });
  const ada = await world.somebody();
  await world.visit('/billing/manage', { headers: ada.browser });
  expect(writeDataPoint.mock.calls).toEqual([
    [
      {
        indexes: ['GET /billing/manage'],
        blobs: ['session_opened', '303'],
        doubles: [expect.any(Number), expect.any(Number), expect.any(Number), expect.any(Number)],
      },
    ],
  ]);
});
