import { beforeEach, describe, expect, it, vi } from 'vitest';
import { listen } from '../log.ts';
import { createOwing, type Owing } from '../owing.ts';
import { knowPortal } from '../known-portal.ts';
import { createWorld, type Person, type World } from '../world.ts';

let world: World;
let owing: Owing;
let ada: Person;

beforeEach(async () => {
  world = await createWorld();
  knowPortal(world);
  owing = createOwing(world);
  ada = await world.somebody();
});

const page = async (path = '/billing', headers: Record<string, string> = ada.browser) =>
  (await world.visit(path, { headers })).text();
const invoiceCalls = () => world.callsTo('/v1/invoices').length;
const wordsOf = (html: string) =>
  html
    .replace(/<style[\s\S]*<\/style>/, '')
    .replaceAll(/<[^>]*>/g, '\n')
    .split(/\s*\n\s*/);

/** Lets everything happen that waits for nothing. */
const tick = async () => new Promise((resolve) => void setImmediate(resolve));

/** Goes to pay by the link, and returns headers with what the browser keeps. */
async function goToPay() {
  const response = await world.visit('/billing/manage?flow=pay', { headers: ada.browser });
  const kept = response.headers.get('set-cookie')!.split(';')[0];
  return {
    address: response.headers.get('location')!,
    headers: { ...ada.browser, cookie: `${ada.browser.cookie}; ${kept}` },
  };
}

describe('who owes', () => {
  it('sees what, how much and since when, then Pay, Update payment method and Cancel', async () => {
    const { invoice } = await owing.overdue(ada.customer);
    invoice.effective_at = Date.UTC(2026, 4, 17) / 1000;
    invoice.next_payment_attempt = Date.UTC(2030, 4, 20) / 1000;
    const html = await page();
    const words = wordsOf(html);
    const inOrder = [
      'Pro',
      'Payment overdue',
      '$29.00 due since May 17, 2026',
      `Invoice ${invoice.number}`,
      'We’ll try your payment method again on May 20, 2030.',
      'Pay now',
      'Update payment method',
      'Cancel',
    ];
    expect(words.filter((word) => inOrder.includes(word))).toEqual(inOrder);
    expect(html).toMatch(/<button class="button"[^>]*>Pay now</);
    expect(html.split('class="button"')).toHaveLength(2);
    expect(html).toContain('in this window. When you’ve paid, come back to shop.example/billing');
  });

  it('an invoice that was sent sees by when to pay it, before anything is overdue', async () => {
    await world.subscribe(ada.customer);
    const { invoice } = await owing.sent(ada.customer);
    invoice.due_date = Date.UTC(2030, 4, 17) / 1000;
    const words = wordsOf(await page());
    expect(words).toContain('$29.00 due by May 17, 2030');
    expect(words).not.toContain('Update payment method');
    expect(words.indexOf('Pay now')).toBeLessThan(words.indexOf('Change plan'));
  });

  it('a first payment is not sent to change the card, which would not settle it', async () => {
    await owing.incomplete(ada.customer);
    const words = wordsOf(await page());
    expect(words).toEqual(expect.arrayContaining(['Not started', 'Pay now']));
    expect(words).not.toContain('Update payment method');
  });

  it('with only drafts left reads who to turn to, not to pay them', async () => {
    const { subscription, invoice } = await owing.overdue(ada.customer);
    world.stripe.state.changeSubscription(subscription, { status: 'unpaid' });
    invoice.status = 'uncollectible';
    await world.sync(ada.customer);
    const words = wordsOf(await page());
    expect(words).toContain('There’s no invoice to pay right now. Contact us to continue.');
    expect(words.join(' ')).not.toContain('Please pay them');
  });

  it('sees the rest of what was paid in part', async () => {
    const { invoice } = await owing.overdue(ada.customer);
    Object.assign(invoice, { amount_paid: 900, amount_remaining: 2000 });
    expect(await page()).toContain('$20.00 due since');
  });

  it('sees the most urgent first, whatever came first', async () => {
    const { state } = world.stripe;
    const soon = Math.floor(Date.now() / 1000) + 86_400;
    const changes = [
      {},
      { status: 'trialing', trial_end: soon },
      { cancel_at: soon },
      { pause_collection: { behavior: 'void', resumes_at: null } },
      { status: 'unpaid' },
      { status: 'incomplete' },
      { status: 'past_due' },
    ] as const;
    for (const change of changes) {
      const { id } = await world.subscribe(ada.customer);
      state.changeSubscription(id, change);
    }
    await world.sync(ada.customer);
    const states = 'Payment overdue,Not started,Unpaid,Paused,Cancels,Trial,Active'.split(',');
    const words = wordsOf(await page()).map((word) => word.replace(/^Cancels .*/, 'Cancels'));
    expect(words.filter((word) => states.includes(word))).toEqual(states);
  });

  it('with several accounts sees the one that owes first', async () => {
    ada = await world.somebody({ customers: 2 });
    world.stripe.state.customers.get(ada.customers[1]!)!.created += 100;
    await owing.overdue(ada.customers[1]!);
    const html = await page();
    const [paid, owes] = ada.customers.map((id) => html.indexOf(`id="${id}"`));
    expect(owes).toBeLessThan(paid!);
  });

  it('an invoice of no subscription sees it once there is a reason to ask', async () => {
    const { customer } = ada;
    const invoice = await world.api.invoices.create({ customer });
    await world.api.invoiceItems.create({ customer, invoice: invoice.id, amount: 500 });
    await world.api.invoices.finalizeInvoice(invoice.id);
    expect(await page()).not.toContain('$5.00');
    expect(await page('/billing?flow=pay')).toContain('$5.00 due since');
  });
});

describe('Stripe', () => {
  it('is not asked for somebody who owes nothing', async () => {
    await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    await page();
    expect(invoiceCalls()).toBe(0);
  });

  it('has a second; then the page says that it does not know, and still leads to pay', async () => {
    const { invoice } = await owing.overdue(ada.customer);
    await page();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const asked = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    world.answerAt('api.stripe.com', async (request) => {
      asked.resolve();
      await held.promise;
      return world.stripe.fetch(request);
    });
    const late = page();
    await asked.promise;
    const isThere = async () => Promise.race([late.then(() => true), tick().then(() => false)]);
    await vi.advanceTimersByTimeAsync(999);
    expect(await isThere()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    const words = wordsOf(await late);
    held.resolve();
    vi.useRealTimers();
    expect(words).toContain('We couldn’t check what’s due right now.');
    expect(words).toContain('Pay now');
    const { location } = await follow();
    expect(location).toBe(invoice.hosted_invoice_url);
  });

  const follow = async () => {
    const response = await world.visit('/billing/manage?flow=pay', { headers: ada.browser });
    return { location: response.headers.get('location') };
  };

  it('that fails leaves the page without what is due, and is in the log', async () => {
    await owing.overdue(ada.customer);
    world.stripe.faults.order({ path: '/v1/invoices', status: 400, times: 1 });
    const lines = listen('error');
    expect(await page()).toContain('couldn’t check what’s due');
    expect(lines()).toMatchObject([{ event: 'invoices_unread', code: 'stripe_request_refused' }]);
  });

  it('is asked no more often than the limit allows', async () => {
    await owing.overdue(ada.customer);
    world.configure({ SESSION_LIMIT: { limit: async () => ({ success: false }) } });
    expect(await page()).toContain('couldn’t check what’s due');
    expect(invoiceCalls()).toBe(0);
  });

  it('that lets the key read no invoices leaves the page as it was', async () => {
    await owing.overdue(ada.customer);
    owing.useKeyWithout('rak_invoice_read');
    const words = wordsOf(await page());
    expect(words).toEqual(expect.arrayContaining(['Update payment method', 'See invoices']));
    expect(words).not.toContain('Pay now');
    expect(words.join(' ')).not.toContain('couldn’t check what’s due');
  });
});

describe('who comes back from an invoice', () => {
  it('sees the new state before the webhook', async () => {
    await owing.overdue(ada.customer);
    const { address, headers } = await goToPay();
    await owing.payThere(address);
    const html = await page('/billing', headers);
    expect(html).toContain('Thank you. Your invoice is paid.');
    expect(html).toContain('>Active<');
    expect(html).not.toContain('Pay now');
  });

  it('sees it also where the invoice was sent, and the status stays', async () => {
    await owing.sent(ada.customer);
    const { address, headers } = await goToPay();
    await owing.payThere(address);
    expect(await page('/billing', headers)).toContain('Your invoice is paid.');
  });

  it('without having paid sees that it is still due', async () => {
    await owing.overdue(ada.customer);
    const { headers } = await goToPay();
    const html = await page('/billing', headers);
    expect(html).not.toContain('settled');
    expect(html).toContain('Pay now');
  });

  it.each(['void', 'uncollectible'] as const)(
    'is not thanked for an invoice that the operator made %s meanwhile',
    async (status) => {
      const { invoice } = await owing.overdue(ada.customer);
      const { headers } = await goToPay();
      invoice.status = status;
      expect(await page('/billing', headers)).not.toContain('settled');
    },
  );

  it('is not thanked for an invoice of no subscription that is still open', async () => {
    const { customer } = ada;
    await world.subscribe(customer);
    await world.sync(customer);
    const { id } = await world.api.invoices.create({ customer });
    await world.api.invoiceItems.create({ customer, invoice: id, amount: 500 });
    await world.api.invoices.finalizeInvoice(id);
    const { headers } = await goToPay();
    expect(await page('/billing', headers)).not.toContain('settled');
  });

  it('sees that one of two subscriptions was paid by somebody else', async () => {
    const [first] = [await owing.overdue(ada.customer), await owing.overdue(ada.customer)];
    await owing.payThere(first.invoice.hosted_invoice_url!);
    const words = wordsOf(await page());
    expect(words.filter((word) => word === 'Payment overdue')).toHaveLength(1);
    expect(words).toContain('Active');
  });

  it('reads since when an invoice is due whose deadline has passed', async () => {
    const { invoice } = await owing.sent(ada.customer);
    invoice.due_date = Date.UTC(2026, 4, 17) / 1000;
    expect(wordsOf(await page())).toContain('$29.00 due since May 17, 2026');
  });

  it('sees a payment that is on its way', async () => {
    await owing.overdue(ada.customer);
    const { address, headers } = await goToPay();
    await owing.payThere(address, 'bank');
    const html = await page('/billing', headers);
    expect(html).toContain('A payment is on its way');
    expect(html).not.toContain('settled');
  });

  it('in another browser sees the new state as well', async () => {
    const { invoice } = await owing.overdue(ada.customer);
    await owing.payThere(invoice.hosted_invoice_url!);
    const html = await page();
    expect(html).toContain('>Active<');
    expect(html).not.toContain('Payment overdue');
  });
});
