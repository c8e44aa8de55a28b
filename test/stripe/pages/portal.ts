import { html } from 'hono/html';
import { formatDate, formatPrice, formatStatus } from './format.ts';
import { isLiving, periodEnd } from '../resources/subscription-changes.ts';
import { layout, standInLabel } from './layout.ts';
import type { Customer, Product, Subscription } from '../objects.ts';
import type { Markup } from './layout.ts';
import type { PortalSession } from '../portal-objects.ts';

export type PortalView = {
  session: PortalSession;
  customer: Customer;
  subscriptions: readonly Subscription[];
  products: ReadonlyMap<string, Product>;
  /** Whether the configuration lets customers cancel. */
  canCancel: boolean;
};

/** The portal's home. Forms are sent to addresses below the session's own. */
export function portalPage(view: PortalView): Markup {
  const { session, customer, subscriptions } = view;
  const base = new URL(session.url).pathname;
  const content = html`
    ${returnLink(session)}
    <h1>Your billing</h1>
    <p>
      ${customer.name ?? 'Customer without a name'}<br />
      <span class="quiet">${customer.email ?? 'no e-mail address'}</span>
    </p>
    <h2>Subscriptions</h2>
    ${subscriptions.length === 0 ? html`<p class="quiet">There are none.</p>` : ''}
    <ul>
      ${subscriptions.map((subscription) => subscriptionCard(view, base, subscription))}
    </ul>
    <h2>This session</h2>
    <p class="quiet">
      Its address stops working an hour after it was last used. To see what happens then:
    </p>
    <form method="post" action="${base}/expire">
      <button>Expire this session</button>
    </form>
  `;
  return layout('Your billing', standInLabel, content);
}

function subscriptionCard(view: PortalView, base: string, subscription: Subscription): Markup {
  const { cancel_at: end, status } = subscription;
  const canResume = end !== null || status === 'paused';
  return html`<li class="card">
    ${subscriptionSummary(view.products, subscription)}
    ${
      isLiving(subscription) && (canResume || view.canCancel)
        ? html`<form method="post" action="${base}/${canResume ? 'resume' : 'cancel'}">
            <input type="hidden" name="subscription" value="${subscription.id}" />
            <button>${canResume ? 'Resume subscription' : 'Cancel subscription'}</button>
          </form>`
        : ''
    }
  </li>`;
}

/** Products, prices, state and what happens next. */
export function subscriptionSummary(
  products: ReadonlyMap<string, Product>,
  subscription: Subscription,
): Markup {
  const { cancel_at: end, ended_at: ended } = subscription;
  return html`${subscription.items.data.map(
      ({ price, quantity = 1 }) =>
        html`<h3>
            ${products.get(price.product)?.name ?? price.product}${quantity > 1 ? ` × ${quantity}` : ''}
          </h3>
          <p>${formatPrice(price)}</p>`,
    )}
    <p><span class="state">${formatStatus(subscription)}</span></p>
    <p class="quiet">
      ${
        ended !== null
          ? `Ended on ${formatDate(ended)}.`
          : end !== null
            ? `Ends on ${formatDate(end)}.`
            : `Renews on ${formatDate(periodEnd(subscription))}.`
      }
    </p>`;
}

export function returnLink({ return_url: returnUrl }: Pick<PortalSession, 'return_url'>): Markup {
  if (returnUrl === null) return html``;
  return html`<p><a href="${returnUrl}">← Return to ${new URL(returnUrl).host}</a></p>`;
}
