import * as fc from 'fast-check';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { createLinkWorld, PRESSED, type LinkWorld } from '../signed-links.ts';
import { ORIGIN, WEBHOOK_SECRET, type Person } from '../world.ts';
import { headers, headerValue, name, nasty } from './inputs.ts';
import { intruders } from './intruders.ts';
import { expectSound } from './sound.ts';

const numRuns = inject('fuzzCases');
const API_KEY = 'a key of the back end that is long enough';

let world: LinkWorld;
let ada: Person;
let eve: Person;
let own: Set<string>;
let foreign: string[];
beforeAll(async () => {
  world = await createLinkWorld({
    ALLOWED_ORIGINS: 'https://app.example',
    LINK_API_KEY: `sign+read+revoke:${API_KEY}`,
  });
  world.allowAllFlows();
  ada = await world.somebody();
  eve = await world.somebody();
  const subscription = await world.subscribe(ada.customer);
  await world.sync(ada.customer);
  const hers = await world.subscribe(eve.customer);
  await world.sync(eve.customer);
  own = new Set([ada.customer, subscription.id, ...subscription.items.data.map(({ id }) => id)]);
  foreign = [eve.customer, hers.id, ...hers.items.data.map(({ id }) => id)];
});

const value = fc.oneof(
  nasty,
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constant('').map(() => eve.customer),
  fc.constant('').map(() => foreign[1] ?? ''),
  fc.constant('').map(() => ada.customer),
);
const fields = fc.array(fc.tuple(name, value), { maxLength: 6 });

/** No id of somebody else, and no address that is not allowed, has gone to Stripe. */
function expectOwnCalls(from: number): void {
  for (const { path, parameters } of world.stripe.requests.slice(from)) {
    // The way back may be any path of ours.
    const sent = path + JSON.stringify({ ...parameters, return_url: '' });
    for (const id of foreign) expect(sent).not.toContain(id);
    const { customer, return_url: returnUrl } = parameters;
    if (customer !== undefined) expect(own).toContain(customer);
    if (returnUrl !== undefined) {
      expect([ORIGIN, 'https://app.example']).toContain(new URL(returnUrl as string).origin);
    }
  }
}

async function holds<T>(
  arbitrary: fc.Arbitrary<T>,
  visit: (input: T) => Promise<Response>,
): Promise<void> {
  const property = fc.asyncProperty(arbitrary, async (input) => {
    const calls = world.stripe.requests.length;
    await expectSound(await visit(input));
    expectOwnCalls(calls);
  });
  await fc.assert(property, { numRuns });
}

it('sees what a page must not hold', async () => {
  const page = '<p title="onerror=1"><img src=x onerror=1><a href="javascript:1">x</a></p>';
  const found = ['img', 'onerror="1"', 'href="javascript:1"'];
  expect(await intruders(new Response(page))).toEqual(found);
});

describe(`${numRuns} inputs each`, () => {
  const timeout = 30_000 + numRuns * 100;

  it(
    'in the query of the link and of the page',
    async () => {
      const path = fc.constantFrom('/billing/manage', '/billing');
      await holds(fc.tuple(path, fields, fc.boolean()), async ([address, query, isSignedIn]) => {
        const url = `${address}?${new URLSearchParams(query).toString()}`;
        const { cookie, ...signedOut } = ada.browser;
        return world.visit(url, { headers: isSignedIn ? { ...signedOut, cookie } : signedOut });
      });
    },
    timeout,
  );

  it(
    'in the form of the button',
    async () => {
      const body = fc.oneof(
        fields.map((entries) => new URLSearchParams(entries).toString()),
        fc.string({ unit: 'binary', maxLength: 80 }),
      );
      await holds(body, async (form) =>
        world.visit('/billing/manage', {
          method: 'POST',
          headers: {
            ...ada.browser,
            'sec-fetch-site': 'same-origin',
            'content-type': 'application/x-www-form-urlencoded',
          },
          body: form,
        }),
      );
    },
    timeout,
  );

  it(
    'in the JSON of the API',
    async () => {
      const json = fc.oneof(
        fc.json({ maxDepth: 3 }),
        fields.map((entries) => JSON.stringify(Object.fromEntries(entries))),
        fc.string({ maxLength: 60 }),
      );
      await holds(json, async (body) =>
        world.visit('/api/stripe/create-portal-session', {
          method: 'POST',
          headers: { ...ada.bearer, 'content-type': 'application/json' },
          body,
        }),
      );
    },
    timeout,
  );

  it(
    'in what back ends ask of links',
    async () => {
      const request = fc.oneof(
        fields.map((entries) => Object.fromEntries(entries)),
        fc.record(
          {
            subject: value,
            customer: fc.oneof(value, fc.array(value, { maxLength: 3 })),
            email: value,
            flow: value,
            return_to: value,
            expires_in: fc.oneof(fc.integer(), fc.double()),
          },
          { requiredKeys: [] },
        ),
      );
      await holds(request, async (body) =>
        world.visit('/api/links', {
          method: 'POST',
          headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      );
    },
    timeout,
  );

  it(
    'in the queries that a back end sends',
    async () => {
      const request = fc.constantFrom(['GET', '/api/billing'], ['DELETE', '/api/links']);
      const whose = fc.array(fc.tuple(fc.constantFrom('subject', 'customer', 'all'), value), {
        maxLength: 2,
      });
      await holds(fc.tuple(request, whose), async ([[method = '', path], query]) =>
        world.visit(`${path}?${new URLSearchParams(query).toString()}`, {
          method,
          headers: { authorization: `Bearer ${API_KEY}` },
        }),
      );
    },
    timeout,
  );

  it(
    'in the forms of signing in by e-mail and of a link',
    async () => {
      const path = fc.constantFrom('/billing/sign-in', '/billing/manage', '/billing/sign-out');
      const names = fc.constantFrom(
        'address',
        'token',
        'open',
        'cf-turnstile-response',
        'customer',
      );
      const form = fc.array(fc.tuple(names, value), { maxLength: 4 });
      await holds(fc.tuple(path, form), async ([address, entries]) =>
        world.visit(address, {
          method: 'POST',
          headers: { ...PRESSED, 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams(entries).toString(),
        }),
      );
      // No typed address is of a customer.
      expect(world.mailbox.mails).toEqual([]);
    },
    timeout,
  );

  it(
    'in headers and cookies',
    async () => {
      const path = fc.constantFrom(
        '/billing/manage',
        '/billing',
        '/healthz',
        '/api/openapi.json',
        '/nowhere',
      );
      const visit = fc.constantFrom('', '').chain(() =>
        fc.oneof(
          headerValue,
          fc.json().map((text) => encodeURIComponent(text)),
        ),
      );
      await holds(fc.tuple(path, headers, visit), async ([address, given, remembered]) => {
        const cookie = `${given['cookie'] ?? ''}; __Host-portal=${remembered}; session=${ada.token}`;
        return world.visit(address, { headers: { ...ada.browser, ...given, cookie } });
      });
    },
    timeout,
  );

  it(
    'in the body of a webhook, signed or not',
    async () => {
      const event = fc.record(
        {
          id: fc.constant('evt_1'),
          object: fc.constantFrom('event', 'v2.core.event', 'customer', null),
          type: fc.constantFrom(
            'customer.updated',
            'v1.customer.updated',
            'checkout.session.completed',
            'x',
            7,
          ),
          livemode: fc.constantFrom(false, true, 'false', null),
          data: fc.oneof(
            fc.record({
              object: fc.oneof(
                fc.jsonValue({ maxDepth: 2 }),
                fc.record({
                  object: fc.constantFrom('customer', 'subscription'),
                  id: value,
                  customer: fc.jsonValue({ maxDepth: 1 }),
                }),
              ),
            }),
            fc.jsonValue({ maxDepth: 2 }),
          ),
          related_object: fc.oneof(
            fc.jsonValue({ maxDepth: 1 }),
            fc.record({
              type: fc.constantFrom('customer', 'subscription', 'checkout.session'),
              id: value,
            }),
          ),
        },
        { requiredKeys: ['object', 'type'] },
      );
      const body = fc.oneof(
        event.map((each) => JSON.stringify(each)),
        fc.json({ maxDepth: 3 }),
        fc.string({ maxLength: 80 }),
      );
      const property = fc.asyncProperty(
        body,
        fc.boolean(),
        headerValue,
        async (payload, isSigned, other) => {
          const signature = isSigned
            ? await world.api.webhooks.generateTestHeaderStringAsync({
                payload,
                secret: WEBHOOK_SECRET,
              })
            : other;
          const calls = world.stripe.requests.length;
          const response = await world.visit('/api/stripe/webhook', {
            method: 'POST',
            headers: { 'stripe-signature': signature },
            body: payload,
          });
          await expectSound(response);
          if (!isSigned) expect(world.stripe.requests.length).toBe(calls);
        },
      );
      await fc.assert(property, { numRuns });
    },
    timeout,
  );
});
