import { Hono } from 'hono';
import { expiredPage } from './pages/expired.ts';
import { invoicePage } from './pages/invoice.ts';
import { page } from './pages/layout.ts';
import { beginPayment, failPayment, settle } from './resources/invoice-changes.ts';
import { paymentOf } from './resources/payment-intents.ts';
import type { Context } from 'hono';
import type { Invoice } from './objects.ts';
import type { State } from './state.ts';

/** The pages behind the addresses of invoices: anyone with the address can pay. */
export function createInvoicePages(state: State) {
  const find = (context: Context): Invoice | undefined => {
    const path = `/i/${context.req.param('account')}/${context.req.param('token')}`;
    return [...state.invoices.values()].find(
      ({ hosted_invoice_url: url }) => url !== null && new URL(url).pathname === path,
    );
  };

  return new Hono()
    .get('/:account/:token', async (context) => {
      const invoice = find(context);
      if (!invoice) return page(expiredPage(null), 404);
      return page(invoicePage(invoice, paymentOf(state, invoice)));
    })
    .post('/:account/:token/pay', async (context) => {
      const invoice = find(context);
      if (!invoice) return page(expiredPage(null), 404);
      const { way } = await context.req.parseBody();
      const actor = { state, request: null };
      const isPayable =
        invoice.status === 'open' && paymentOf(state, invoice)?.status !== 'processing';
      if (isPayable && way === 'card') settle(actor, invoice);
      if (isPayable && way === 'bank') beginPayment(actor, invoice);
      if (isPayable && way === 'declined') failPayment(actor, invoice);
      return context.redirect(new URL(invoice.hosted_invoice_url ?? '').pathname, 303);
    });
}
