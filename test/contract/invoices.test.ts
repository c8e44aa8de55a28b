import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open, type Contract } from './open.ts';

let contract: Contract;
let price: string;
beforeAll(async () => {
  contract = await open();
  price = (await contract.things.plan(2900)).price.id;
});
afterAll(async () => contract.close());

const sent = { collection_method: 'send_invoice', days_until_due: 14 } as const;
const declined = {
  payment_method: 'pm_card_chargeCustomerFail',
  invoice_settings: { default_payment_method: 'pm_card_chargeCustomerFail' },
};

/** An invoice that no subscription has made, still a draft. */
async function draft(amount = 500, more: Partial<Stripe.InvoiceCreateParams> = sent) {
  const { stripe, things } = contract;
  const { id: customer } = await things.customer();
  const { id } = await stripe.invoices.create({ customer, auto_advance: false, ...more });
  await stripe.invoiceItems.create({ customer, invoice: id, amount, currency: 'usd' });
  return { customer, id };
}

async function finalized(amount?: number) {
  const { customer, id } = await draft(amount);
  return { customer, invoice: await contract.stripe.invoices.finalizeInvoice(id) };
}

const refusal = async (path: string) => {
  const { status, body } = await contract.raw('POST', path);
  return { status, message: body.error?.message };
};

describe('an invoice', () => {
  it('has a number, a page and a payment from the moment when it is finalized', async () => {
    const { customer, id } = await draft();
    const { invoices, paymentIntents } = contract.stripe;
    expect(await invoices.retrieve(id)).toMatchObject({ status: 'draft', amount_remaining: 500 });
    expect((await invoices.list({ customer, status: 'open' })).data).toEqual([]);
    await invoices.finalizeInvoice(id);
    const { data } = await invoices.list({ customer, status: 'open', expand: ['data.payments'] });
    expect(data).toMatchObject([
      {
        id,
        amount_remaining: 500,
        attempted: false,
        collection_method: 'send_invoice',
        number: expect.any(String),
        hosted_invoice_url: expect.stringMatching(/^https?:\/\/.*\/i\/acct_\w+\/test_/),
        next_payment_attempt: null,
        parent: null,
        payments: { data: [{ status: 'open', payment: { type: 'payment_intent' } }] },
      },
    ]);
    expect(data[0]!.due_date).toBeGreaterThan(Date.now() / 1000);
    const payments = await paymentIntents.list({ customer });
    const expected = data[0]!.payments!.data[0]!.payment.payment_intent;
    expect(payments.data).toMatchObject([{ id: expected, status: 'requires_payment_method' }]);
  });

  it('is finalized once', async () => {
    const { invoice } = await finalized();
    expect(await refusal(`/v1/invoices/${invoice.id}/finalize`)).toMatchObject({
      status: 400,
      message: expect.stringMatching(/already finalized/),
    });
  });

  it('of no amount is paid when it is finalized', async () => {
    const { invoice } = await finalized(0);
    expect(invoice.status).toBe('paid');
  });

  it('is paid once, and then no longer open', async () => {
    const { customer, invoice } = await finalized();
    const { invoices, paymentIntents } = contract.stripe;
    const paid = await invoices.pay(invoice.id);
    expect(paid).toMatchObject({ status: 'paid', amount_remaining: 0, amount_paid: 500 });
    expect((await invoices.list({ customer, status: 'open' })).data).toEqual([]);
    expect((await paymentIntents.list({ customer })).data).toMatchObject([{ status: 'succeeded' }]);
    expect(await refusal(`/v1/invoices/${invoice.id}/pay`)).toMatchObject({
      status: 400,
      message: expect.stringMatching(/already paid/),
    });
  });

  it('can be paid elsewhere, sent, voided or written off', async () => {
    const { invoices } = contract.stripe;
    const [elsewhere, mailed, voided, lost] = await Promise.all([
      finalized(),
      finalized(),
      finalized(),
      finalized(),
    ]);
    const paid = await invoices.pay(elsewhere.invoice.id, { paid_out_of_band: true });
    expect(paid.status).toBe('paid');
    expect((await invoices.sendInvoice(mailed.invoice.id)).status).toBe('open');
    expect((await invoices.voidInvoice(voided.invoice.id)).status).toBe('void');
    expect((await invoices.markUncollectible(lost.invoice.id)).status).toBe('uncollectible');
    const { status, message } = await refusal(`/v1/invoices/${voided.invoice.id}/void`);
    expect(status).toBe(400);
    contract.note(`voiding twice: “${message}”`);
  });
});

describe('a subscription', () => {
  it('that sends invoices has one that is due later', async () => {
    const { things, stripe } = contract;
    const { id: customer } = await things.customer();
    const { latest_invoice: latest } = await things.subscription(customer, [price], sent);
    const invoice = await stripe.invoices.retrieve(latest as string);
    expect(invoice).toMatchObject({ collection_method: 'send_invoice', amount_due: 2900 });
    expect(['draft', 'open']).toContain(invoice.status);
  });

  it.each([
    ['waits for its first payment', {}, { payment_behavior: 'default_incomplete' }, false],
    ['whose first charge fails', declined, {}, true],
  ] as const)('that %s is incomplete, with an open invoice', async (_, owner, more, attempted) => {
    const { things, stripe } = contract;
    const { id: customer } = await things.customer(owner);
    const { id, status } = await things.subscription(customer, [price], more);
    expect(status).toBe('incomplete');
    const { data } = await stripe.invoices.list({ customer, status: 'open' });
    expect(data).toMatchObject([
      {
        attempted,
        next_payment_attempt: null,
        amount_remaining: 2900,
        parent: { subscription_details: { subscription: id } },
      },
    ]);
    await stripe.invoices.pay(data[0]!.id, { paid_out_of_band: true });
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active');
  });

  it('is not made when it must not be incomplete', async () => {
    const { things, raw } = contract;
    const { id: customer } = await things.customer(declined);
    const { status, body } = await raw('POST', '/v1/subscriptions', {
      customer,
      items: [{ price }],
      payment_behavior: 'error_if_incomplete',
    });
    expect(status).toBe(402);
    expect(body.error).toMatchObject({ type: 'card_error', code: 'card_declined' });
  });

  it('whose first invoice is void has ended', async () => {
    const { things, stripe } = contract;
    const { id: customer } = await things.customer();
    const more = { payment_behavior: 'default_incomplete' } as const;
    const { id, latest_invoice: latest } = await things.subscription(customer, [price], more);
    await stripe.invoices.voidInvoice(latest as string);
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('incomplete_expired');
  });
});
