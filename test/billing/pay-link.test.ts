import { decodeJwt } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { skipTries } from '../clock.ts';
import { createLimiter } from '../limiter.ts';
import { createOwing, type Owing } from '../owing.ts';
import { createLinkWorld, PRESSED, signLink, type LinkWorld } from '../signed-links.ts';
import { ORIGIN, SIGNED_OUT, type Person } from '../world.ts';

const DAY = 86_400;
const LINK_API_KEY = 'the key of the back end that asks for links';

let world: LinkWorld;
let owing: Owing;
let ada: Person;
let token: string;

beforeEach(async () => {
  world = await createLinkWorld();
  owing = createOwing(world);
  ada = await world.somebody();
  token = await signLink({ sub: ada.subject, flow: 'pay' });
});

const expiredToken = async (secondsAgo = 60) => {
  const exp = Math.floor(Date.now() / 1000) - secondsAgo;
  return signLink({ sub: ada.subject, flow: 'pay', iat: exp - 3600, exp });
};
const invoiceCalls = () => world.callsTo('/v1/invoices').length;
const textAt = async (link = token) => (await world.look(link)).text();

describe('GET of a signed link to pay', () => {
  it('says amount and number, to anyone who holds it, and opens nothing', async () => {
    const { invoice } = await owing.overdue(ada.customer);
    const response = await world.look(token);
    const html = await response.text();
    expect(response.status).toBe(200);
    for (const words of [
      '<h1>Billing</h1>',
      '$29.00 due since',
      invoice.number!,
      'u•••1@example',
    ]) {
      expect(html).toContain(words);
    }
    expect(html.match(/<form method="post"/g)).toHaveLength(1);
    expect(html).toContain('in this window');
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(response.headers.get('referrer-policy')).toBe('strict-origin');
    expect(world.sessionsMade()).toBe(0);
  });

  it('lists several, the oldest first', async () => {
    const [old, recent] = [await owing.overdue(ada.customer), await owing.sent(ada.customer)];
    old.invoice.created -= 100;
    const numbers = [...(await textAt()).matchAll(/Pay now: (STANDIN-\d+)/g)].map(
      ([, number]) => number,
    );
    expect(numbers).toEqual([old.invoice.number, recent.invoice.number]);
  });

  it.each([SIGNED_OUT, undefined])(
    'is the same for who is signed in and who is not',
    async (as) => {
      await owing.overdue(ada.customer);
      const eve = await world.somebody();
      const html = await (await world.look(token, as ?? eve.browser)).text();
      expect(html).toContain('$29.00 due since');
      expect(html).not.toContain('another account');
    },
  );

  it('asks Stripe no more often than the limit allows', async () => {
    world.configure({ SESSION_LIMIT: createLimiter('SESSION_LIMIT') });
    await owing.overdue(ada.customer);
    for (let times = 0; times < 20; times += 1) expect((await world.look(token)).status).toBe(200);
    expect((await world.look(token)).status).toBe(429);
    expect(invoiceCalls()).toBe(20);
  });

  it('says nothing of a link that was revoked', async () => {
    await owing.overdue(ada.customer);
    await world.links.revoke({ subject: ada.subject });
    const response = await world.look(token);
    expect(response.status).toBe(403);
    expect(invoiceCalls()).toBe(0);
  });
});

describe('POST of a signed link to pay', () => {
  it('opens the invoice, and leaves no session and no portal behind', async () => {
    const { invoice } = await owing.overdue(ada.customer);
    const response = await world.press(token, PRESSED, { invoice: invoice.id });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(invoice.hosted_invoice_url);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(world.sessionsMade()).toBe(0);
    expect((await world.visit('/billing', { headers: SIGNED_OUT })).status).toBe(401);
  });

  it('opens nothing but invoices, whatever the form says', async () => {
    const { invoice } = await owing.overdue(ada.customer);
    const fields = { flow: 'payment_method_update', customer: ada.customer, return_to: '/x' };
    const response = await world.press(token, PRESSED, fields);
    expect(response.headers.get('location')).toBe(invoice.hosted_invoice_url);
    expect(world.sessionsMade()).toBe(0);
  });

  it('opens no other customer’s invoice', async () => {
    const eve = await world.somebody();
    const { invoice } = await owing.overdue(eve.customer);
    const response = await world.press(token, PRESSED, { invoice: invoice.id });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Nothing is due');
  });

  it.each([
    ['a script', { ...PRESSED, 'sec-fetch-user': '' }, {}],
    ['form.submit()', PRESSED, { open: '' }],
    ['another site', { ...PRESSED, 'sec-fetch-site': 'cross-site' }, {}],
  ])('opens nothing for %s', async (_, headers, fields) => {
    const { invoice } = await owing.overdue(ada.customer);
    const response = await world.press(token, headers, { invoice: invoice.id, ...fields });
    expect(response.status).toBe(403);
    expect(invoiceCalls()).toBe(0);
  });

  it('says that nothing is due once somebody else has paid', async () => {
    const { invoice } = await owing.overdue(ada.customer);
    await textAt();
    await owing.payThere(invoice.hosted_invoice_url!);
    const response = await world.press(token, PRESSED, { invoice: invoice.id });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<h1>Nothing is due</h1>');
    expect(await textAt()).toContain('<h1>Nothing is due</h1>');
  });

  it('says that a payment is on its way', async () => {
    const { invoice } = await owing.overdue(ada.customer);
    await owing.payThere(invoice.hosted_invoice_url!, 'bank');
    const html = await textAt();
    expect(html).toContain('A payment is on its way');
    expect(html).not.toContain('Pay now');
  });

  it('works as often as needed', async () => {
    const { invoice } = await owing.overdue(ada.customer);
    for (const way of ['declined', 'declined', 'card'] as const) {
      const response = await world.press(token, PRESSED, { invoice: invoice.id });
      expect(response.headers.get('location')).toBe(invoice.hosted_invoice_url);
      await owing.payThere(invoice.hosted_invoice_url!, way);
    }
    expect(await textAt()).toContain('Nothing is due');
  });
});

it.each(['look', 'press'] as const)(
  'a link whose subject D1 learns while it is opened is revoked with the subject: %s',
  async (act) => {
    const { id } = await world.api.customers.create({ metadata: { user_id: ada.subject } });
    const { id: subscription } = await world.subscribe(id);
    world.stripe.state.leaveUnpaid(subscription);
    await world.links.revoke({ subject: ada.subject });
    const response = await world[act](await signLink({ customer: id, flow: 'pay' }));
    expect(response.status).toBe(403);
    expect(await response.text()).not.toContain('$29.00');
  },
);

describe('a link to pay that has expired', () => {
  it('says that nothing is due when that is so', async () => {
    const { invoice } = await owing.overdue(ada.customer);
    await owing.payThere(invoice.hosted_invoice_url!);
    const response = await world.look(await expiredToken());
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<h1>Nothing is due</h1>');
  });

  it.each(['look', 'press'] as const)('has expired while something is due: %s', async (act) => {
    await owing.overdue(ada.customer);
    const response = await world[act](await expiredToken());
    expect(response.status).toBe(410);
    const html = await response.text();
    expect(html).toContain('This link has expired');
    expect(html).toContain('Send a new link');
    expect(html).not.toContain('$29.00');
  });

  it('is replaced by a link that opens invoices only, too', async () => {
    const { invoice } = await owing.overdue(ada.customer);
    await world.ask({ token: await expiredToken() });
    const [renewed = ''] = /(?<=token=)[\w.-]+/.exec(world.mailbox.mails[0]!.text) ?? [];
    expect(await textAt(renewed)).toContain(invoice.number);
    const response = await world.press(renewed, PRESSED, { invoice: invoice.id });
    expect(response.headers.get('location')).toBe(invoice.hosted_invoice_url);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it('has expired as ever when Stripe cannot say', async () => {
    skipTries();
    world.stripe.faults.order({ path: '/v1/invoices', status: 429, times: 4 });
    expect((await world.look(await expiredToken())).status).toBe(410);
    owing.useKeyWithout('rak_invoice_read');
    expect((await world.look(await expiredToken())).status).toBe(410);
  });

  it('asks Stripe no more a month later', async () => {
    const response = await world.look(await expiredToken(31 * DAY));
    expect([response.status, invoiceCalls()]).toEqual([410, 0]);
  });
});

describe('where no invoice can be opened', () => {
  it.each(['look', 'press'] as const)(
    'the operator reads why, and no portal opens: %s',
    async (act) => {
      await owing.overdue(ada.customer);
      owing.useKeyWithout('rak_invoice_read');
      const response = await world[act](token);
      expect(response.status).toBe(503);
      expect(await response.text()).toContain('href="/billing"');
      expect(world.sessionsMade()).toBe(0);
    },
  );

  it('the button of an invoice without a page opens no portal either', async () => {
    const { invoice } = await owing.overdue(ada.customer);
    invoice.hosted_invoice_url = null;
    expect((await world.press(token)).status).toBe(503);
    expect(world.sessionsMade()).toBe(0);
  });
});

it('back ends can have one signed', async () => {
  world = await createLinkWorld({ LINK_API_KEY });
  const { customer, subject } = await world.somebody();
  const { invoice } = await createOwing(world).overdue(customer);
  const response = await world.visit('/api/links', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${LINK_API_KEY}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ subject, flow: 'pay' }),
  });
  const { url } = await response.json<{ url: string }>();
  expect(response.status).toBe(201);
  expect(await textAt(url.slice(`${ORIGIN}/billing/manage?token=`.length))).toContain(
    invoice.number,
  );
});

describe('that a link opens invoices only', () => {
  const press = async (link: string) => world.press(link);

  it.each(['Pay', ' pay ', 'PAY'])('holds for a slip of the back end, flow %o', async (flow) => {
    await owing.overdue(ada.customer);
    const response = await press(await signLink({ sub: ada.subject, flow }));
    expect(response.headers.get('location')).toContain('https://invoice.stripe.com/');
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it('holds by the purpose, whatever the flow says, and releases without it refuse the link', async () => {
    await owing.overdue(ada.customer);
    const link = await signLink({
      sub: ada.subject,
      purpose: 'billing-pay',
      flow: 'customer_update',
    });
    const response = await press(link);
    expect(response.headers.get('location')).toContain('https://invoice.stripe.com/');
    expect(world.sessionsMade()).toBe(0);
  });

  it('holds for links that the API signs: they have that purpose', async () => {
    world.configure({ LINK_API_KEY, PUBLIC_ORIGIN: ORIGIN } as Partial<Env>);
    const response = await world.visit('/api/links', {
      method: 'POST',
      headers: { authorization: `Bearer ${LINK_API_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ subject: ada.subject, flow: 'pay' }),
    });
    const { url } = await response.json<{ url: string }>();
    const signed = new URL(url).searchParams.get('token') ?? '';
    expect(decodeJwt(signed)['purpose']).toBe('billing-pay');
  });
});

describe('a principal with more customers than are asked about', () => {
  it('pays what the youngest owes, and never reads that nothing is due', async () => {
    ada = await world.somebody({ customers: 7 });
    const link = await signLink({ sub: ada.subject, flow: 'pay' });
    expect((await world.look(link)).status).toBe(503);
    const { invoice } = await owing.overdue(ada.customers[6]!);
    expect(await textAt(link)).toContain(invoice.number);
  });
});
