import { html } from 'hono/html';
import { formatDate } from './format.ts';
import { layout, standInLabel } from './layout.ts';
import { periodEnd } from '../resources/subscription-changes.ts';
import { returnLink, subscriptionSummary } from './portal.ts';
import type { Flow, FlowType, PortalSession } from '../portal-objects.ts';
import type { Markup } from './layout.ts';
import type { Product, Subscription } from '../objects.ts';

const titles: Readonly<Record<FlowType, string>> = {
  customer_update: 'Update your billing details',
  payment_method_update: 'Add a payment method',
  subscription_cancel: 'Cancel your subscription',
  subscription_pause: 'Pause your subscription',
  subscription_update: 'Change your subscription',
  subscription_update_confirm: 'Confirm the change of your subscription',
};

/** A session with a flow shows nothing but that flow until it is completed. */
export function flowPage(
  session: PortalSession,
  flow: Flow,
  subscription: Subscription | undefined,
  products: ReadonlyMap<string, Product>,
): Markup {
  const title = titles[flow.type];
  const content = html`
    ${returnLink(session)}
    <h1>${title}</h1>
    ${
      subscription
        ? html`<div class="card">${subscriptionSummary(products, subscription)}</div>`
        : html`<p class="quiet">There is nothing to fill in at the stand-in.</p>`
    }
    ${
      flow.type === 'subscription_cancel' && subscription
        ? html`<p>
            It stays available until ${formatDate(periodEnd(subscription))}, and is not renewed
            then.
          </p>`
        : ''
    }
    <form method="post" action="${new URL(session.url).pathname}/complete">
      <button class="primary">
        ${flow.type === 'subscription_cancel' ? 'Cancel subscription' : 'Confirm'}
      </button>
    </form>
  `;
  return layout(title, standInLabel, content);
}

/** What `after_completion: hosted_confirmation` shows. */
export function confirmationPage(session: PortalSession, message: string | null): Markup {
  const content = html`
    <h1>Done</h1>
    <p>${message ?? 'Your change was saved.'}</p>
    ${returnLink(session)}
  `;
  return layout('Done', standInLabel, content);
}
