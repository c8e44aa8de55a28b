import { html } from 'hono/html';
import { formatAmount, formatDate } from './format.ts';
import { layout, standInLabel } from './layout.ts';
import type { Invoice, PaymentIntent } from '../objects.ts';
import type { Markup } from './layout.ts';

/** The page that the address of an invoice leads to. It leads nobody back, as Stripe's does not. */
export function invoicePage(invoice: Invoice, payment: PaymentIntent | undefined): Markup {
  const { customer_name: name, number, total, currency, due_date: due } = invoice;
  const content = html`
    <h1>${formatAmount(total, currency)}</h1>
    <p>Invoice ${number}, for ${name ?? 'a customer without a name'}</p>
    ${due === null ? '' : html`<p class="quiet">Due ${formatDate(due)}</p>`}
    ${invoice.status === 'open' ? payable(invoice, payment) : html`<p>${ENDS.get(invoice.status)}</p>`}
  `;
  return layout(`Invoice ${number}`, standInLabel, content);
}

const ENDS = new Map<string | null, string>([
  ['paid', 'Invoice paid'],
  ['void', 'This invoice is void.'],
  ['uncollectible', 'This invoice is uncollectible.'],
]);

const WAYS = {
  card: 'Pay with a card',
  declined: 'Pay by a declined card',
  bank: 'Pay from a bank account',
};

function payable({ hosted_invoice_url: url }: Invoice, payment: PaymentIntent | undefined): Markup {
  if (payment?.status === 'processing') {
    return html`<p>Your payment is processing. This can take some days.</p>`;
  }
  const action = `${new URL(url ?? '').pathname}/pay`;
  return html`${Object.entries(WAYS).map(
    ([way, label]) =>
      html`<form method="post" action="${action}">
        <button name="way" value="${way}" class="${way === 'card' ? 'primary' : ''}">
          ${label}
        </button>
      </form>`,
  )}`;
}
