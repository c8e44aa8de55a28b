import { beforeEach, describe, expect, it } from 'vitest';
import { skipTries } from '../clock.ts';
import { createOwing, type Owing } from '../owing.ts';
import { createWorld, ORIGIN, SIGNED_OUT, type Person, type World } from '../world.ts';

let world: World;
let owing: Owing;
let ada: Person;

beforeEach(async () => {
  world = await createWorld();
  owing = createOwing(world);
  ada = await world.somebody();
});

async function follow(query = 'flow=pay', person: Person = ada, more: Record<string, string> = {}) {
  const headers = { ...person.browser, ...more };
  const response = await world.visit(`/billing/manage?${query}`, { headers });
  return { response, status: response.status, location: response.headers.get('location') ?? '' };
}

/** The page that somebody is led to. */
const pageAt = async (location: string, person: Person = ada) =>
  (await world.visit(location, { headers: person.browser })).text();
const invoiceCalls = () => world.callsTo('/v1/invoices').length;

describe('?flow=pay', () => {
  it.each(['overdue', 'sent', 'incomplete'] as const)(
    'leads to the page of the one open invoice: %s',
    async (kind) => {
      const { invoice } = await owing[kind](ada.customer);
      const { status, location } = await follow();
      expect([status, location]).toEqual([303, invoice.hosted_invoice_url]);
      expect(world.sessionsMade()).toBe(0);
    },
  );

  it('sends somebody who is signed out to sign in, and back to pay', async () => {
    const response = await world.visit('/billing/manage?flow=pay', { headers: SIGNED_OUT });
    const back = new URL(response.headers.get('location')!).searchParams.get('return_to');
    expect(back).toBe(`${ORIGIN}/billing/manage?flow=pay&signed_in=1`);
  });

  it.each([
    ['a script', { 'sec-fetch-dest': 'empty' }, 403],
    ['an image', { 'sec-fetch-dest': 'image' }, 403],
    ['a frame', { 'sec-fetch-dest': 'iframe' }, 403],
    ['a prefetch', { 'sec-purpose': 'prefetch' }, 503],
  ])('opens nothing for %s', async (_, more, expected) => {
    await owing.overdue(ada.customer);
    const { status, location } = await follow('flow=pay', ada, more);
    expect([status, location, invoiceCalls()]).toEqual([expected, '', 0]);
  });

  it('opens nothing for HEAD', async () => {
    await owing.overdue(ada.customer);
    await world.visit('/billing/manage?flow=pay', { method: 'HEAD', headers: ada.browser });
    expect(invoiceCalls()).toBe(0);
  });

  it('lets the page ask which of several, the oldest first', async () => {
    const first = await owing.overdue(ada.customer);
    const second = await owing.sent(ada.customer);
    first.invoice.created -= 100;
    const { status, location } = await follow();
    expect([status, location]).toEqual([303, '/billing?flow=pay']);
    const html = await pageAt(location);
    expect(html).toContain('<h1>Which invoice do you want to pay?</h1>');
    const [filled] = /<button class="button"[^>]*>/.exec(html) ?? [];
    expect(filled).toContain(`Pay now: ${first.invoice.number}`);
    expect(html).toContain(`Pay now: ${second.invoice.number}`);
  });

  it('opens the one that the page’s button names', async () => {
    await owing.overdue(ada.customer);
    const { invoice } = await owing.sent(ada.customer);
    const response = await world.visit('/billing/manage', {
      method: 'POST',
      headers: { ...ada.browser, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ flow: 'pay', invoice: invoice.id }),
    });
    expect(response.headers.get('location')).toBe(invoice.hosted_invoice_url);
  });

  it('takes the subscription that it is about', async () => {
    await owing.overdue(ada.customer);
    const { invoice, subscription } = await owing.sent(ada.customer);
    const { location } = await follow(`flow=pay&subscription=${subscription}`);
    expect(location).toBe(invoice.hosted_invoice_url);
  });

  it('never opens somebody else’s invoice', async () => {
    const eve = await world.somebody();
    const { invoice, subscription } = await owing.overdue(ada.customer);
    for (const query of [`invoice=${invoice.id}`, `subscription=${subscription}`]) {
      const { location } = await follow(`flow=pay&${query}`, eve);
      expect(location).toMatch(/^\/billing\?flow=pay/);
    }
    const { status } = await follow(`flow=pay&customer=${ada.customer}`, eve);
    expect(status).toBe(404);
  });

  it('finds the invoice among several customers of a subject', async () => {
    const agency = await world.somebody({ customers: 3 });
    const { invoice } = await owing.overdue(agency.customers[1]!);
    expect((await follow('flow=pay', agency)).location).toBe(invoice.hosted_invoice_url);
    const { location } = await follow(`flow=pay&customer=${agency.customers[0]}`, agency);
    expect(location).toContain('/billing?');
  });

  it('asks Stripe even where D1 does not know yet that something is due', async () => {
    const { id } = await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    const invoice = world.stripe.state.leaveUnpaid(id);
    expect((await follow()).location).toBe(invoice.hosted_invoice_url);
  });

  it('finds what a subscription that has ended has left behind', async () => {
    const { subscription, invoice } = await owing.overdue(ada.customer);
    await world.api.subscriptions.cancel(subscription);
    await world.sync(ada.customer);
    expect((await follow()).location).toBe(invoice.hosted_invoice_url);
  });
});

describe('nothing is due', () => {
  const isNothing = async () => {
    const { location } = await follow();
    expect(location).toBe('/billing?flow=pay');
    expect(await pageAt(location)).toContain('<p>Nothing is due</p>');
  };

  it('for a subscriber who has paid', async () => {
    await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    await isNothing();
  });

  it('once somebody has paid', async () => {
    const { invoice } = await owing.overdue(ada.customer);
    await owing.payThere(invoice.hosted_invoice_url!);
    await isNothing();
  });

  it.each(['voidInvoice', 'markUncollectible'] as const)('after %s', async (action) => {
    const { invoice } = await owing.overdue(ada.customer);
    await world.api.invoices[action](invoice.id);
    await isNothing();
  });

  it('while an invoice is a draft', async () => {
    const { customer } = ada;
    const { id } = await world.api.invoices.create({ customer });
    await world.api.invoiceItems.create({ customer, invoice: id, amount: 500 });
    await isNothing();
  });

  it('while Stripe is still to charge it for the first time', async () => {
    const { invoice } = await owing.overdue(ada.customer);
    invoice.attempted = false;
    await isNothing();
  });
});

it('a payment on its way is not made twice', async () => {
  const { invoice } = await owing.overdue(ada.customer);
  await owing.payThere(invoice.hosted_invoice_url!, 'bank');
  const { location } = await follow();
  expect(location).toBe('/billing?flow=pay');
  const html = await pageAt(location);
  expect(html).toContain('A payment is on its way');
  expect(html).not.toContain('Pay now');
  expect(html).not.toContain('Nothing is due');
});

it('an invoice that Stripe will charge again can be paid now', async () => {
  const { invoice } = await owing.overdue(ada.customer);
  expect(invoice.next_payment_attempt).not.toBeNull();
  expect((await follow()).location).toBe(invoice.hosted_invoice_url);
  await owing.payThere(invoice.hosted_invoice_url!, 'declined');
  expect((await follow()).location).toBe(invoice.hosted_invoice_url);
});

describe('an address of an invoice', () => {
  it.each([
    'https://invoice.stripe.com.evil.example/i/acct_1/test_1',
    'https://evil.example/i/acct_1/test_1',
    'http://invoice.stripe.com/i/acct_1/test_1',
    'http://localhost:4242/i/acct_1/test_1',
    'https://user@invoice.stripe.com/i/acct_1/test_1',
    'javascript:alert(1)',
    null,
  ])('that is none of Stripe’s pages leads to the portal instead: %s', async (address) => {
    const { invoice } = await owing.overdue(ada.customer);
    invoice.hosted_invoice_url = address;
    expect((await follow()).location).toContain('https://billing.stripe.com/p/session/');
  });
});

it('counts as a session against the limit', async () => {
  await owing.overdue(ada.customer);
  world.configure({ SESSION_LIMIT: { limit: async () => ({ success: false }) } });
  expect((await follow()).status).toBe(429);
  expect(invoiceCalls()).toBe(0);
});

it('an outage is one, and not “nothing is due”', async () => {
  await owing.overdue(ada.customer);
  skipTries();
  world.stripe.faults.order({ path: '/v1/invoices', status: 429, times: 4 });
  const { response, status } = await follow();
  expect(status).toBe(503);
  expect(await response.text()).toContain('Please try again in a moment');
});

it('a customer who is gone from Stripe owes nothing', async () => {
  await owing.overdue(ada.customer);
  world.stripe.state.customers.delete(ada.customer);
  const { location } = await follow();
  expect(await pageAt(location)).toContain('Nothing to manage yet');
});

describe('a key that may not read', () => {
  it('invoices opens the portal, and the page says so afterwards', async () => {
    await owing.overdue(ada.customer);
    owing.useKeyWithout('rak_invoice_read');
    const { location, response } = await follow();
    expect(location).toContain('https://billing.stripe.com/p/session/');
    const kept = response.headers.get('set-cookie')!.split(';')[0];
    const headers = { ...ada.browser, cookie: `${ada.browser.cookie}; ${kept}` };
    const html = await (await world.visit('/billing', { headers })).text();
    expect(html).toContain('wasn’t possible just now');
  });

  it('payments still opens invoices', async () => {
    const { invoice } = await owing.overdue(ada.customer);
    owing.useKeyWithout('rak_payment_intent_read');
    expect((await follow()).location).toBe(invoice.hosted_invoice_url);
  });
});

describe('the API', () => {
  const call = async (body: object) => {
    const headers = { ...ada.bearer, 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await world.visit('/api/stripe/create-portal-session', init);
    return { status: response.status, body: await response.json<Record<string, unknown>>() };
  };

  it('answers with the page of the open invoice', async () => {
    const { invoice } = await owing.overdue(ada.customer);
    expect(await call({ flow: 'pay' })).toEqual({
      status: 200,
      body: { url: invoice.hosted_invoice_url, flow_unavailable: false },
    });
  });

  it('asks which of several, by their ids', async () => {
    const first = await owing.overdue(ada.customer);
    const second = await owing.sent(ada.customer);
    const { status, body } = await call({ flow: 'pay' });
    expect([status, body['code']]).toEqual([409, 'invoice_ambiguous']);
    for (const { invoice } of [first, second]) expect(body['detail']).toContain(invoice.id);
    const chosen = await call({ flow: 'pay', invoice: second.invoice.id });
    expect(chosen.body['url']).toBe(second.invoice.hosted_invoice_url);
  });

  it('says that nothing is due, also while a payment is on its way', async () => {
    expect((await call({ flow: 'pay' })).body['code']).toBe('nothing_due');
    const { invoice } = await owing.overdue(ada.customer);
    await owing.payThere(invoice.hosted_invoice_url!, 'bank');
    expect((await call({ flow: 'pay' })).body['code']).toBe('nothing_due');
  });

  it('answers with the portal where the key may not read invoices', async () => {
    await owing.overdue(ada.customer);
    owing.useKeyWithout('rak_invoice_read');
    expect((await call({ flow: 'pay' })).body).toEqual({
      url: expect.stringContaining('https://billing.stripe.com/p/session/'),
      flow_unavailable: true,
    });
  });
});
