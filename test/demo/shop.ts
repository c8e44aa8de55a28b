import { Hono, type Context } from 'hono';
import { html } from 'hono/html';
import type { Stripe } from 'stripe';
import type { StandIn } from '../stripe/index.ts';
import type { IdentityProvider } from '../stripe/identity-provider.ts';
import { layout, page, standInLabel, type Markup } from '../stripe/pages/layout.ts';
import { readSession } from './session.ts';

type Shop = {
  standIn: StandIn;
  provider: IdentityProvider;
  stripe: Stripe;
  price: string;
  siteOrigin: string;
};
type Buyer = { subject: string; name: string; email: string };

/** Where the demo's newcomer buys something: a customer that only the checkout's reference names. */
export function createShop({ standIn, provider, stripe, price, siteOrigin }: Shop) {
  // The Worker is on another host: it asks our provider who this is.
  const billingPage = `${siteOrigin}/billing/authorize?to=/billing`;

  async function readBuyer(c: Context): Promise<Buyer | undefined> {
    const session = await readSession(provider, c.req.header('cookie'));
    if (!session) return undefined;
    const { sub: subject = '', name, email } = session;
    return { subject, name: String(name), email: String(email) };
  }

  const hasBought = ({ subject }: Buyer) =>
    [...standIn.state.checkoutSessions.values()].some(
      (session) => session.client_reference_id === subject,
    );

  async function buy({ subject, name, email }: Buyer): Promise<void> {
    const { id: customer } = await stripe.customers.create({ name, email });
    const { id: subscription } = await stripe.subscriptions.create({
      customer,
      items: [{ price }],
    });
    standIn.state.completeCheckout({ customer, client_reference_id: subject, subscription });
  }

  const underWay = new Map<string, Promise<void>>();

  // A double click sends the form twice: both wait for the same purchase.
  async function buyOnce(buyer: Buyer): Promise<void> {
    const { subject } = buyer;
    const purchase = underWay.get(subject) ?? buy(buyer).finally(() => underWay.delete(subject));
    underWay.set(subject, purchase);
    return purchase;
  }

  return new Hono()
    .get('/pricing', async (c) => {
      const buyer = await readBuyer(c);
      return page(pricingPage(buyer, buyer !== undefined && hasBought(buyer), billingPage));
    })
    .post('/pricing', async (c) => {
      const buyer = await readBuyer(c);
      if (!buyer) return c.redirect('/pricing', 303);
      if (!hasBought(buyer)) {
        await buyOnce(buyer);
        await untilDelivered(standIn);
      }
      return c.redirect(billingPage, 303);
    });
}

/** As a shop's own success page does, waits a little for the webhooks of the purchase. */
async function untilDelivered({ state }: StandIn): Promise<void> {
  for (let waited = 0; waited < 1_000; waited += 50) {
    if ([...state.events.values()].every((event) => event.pending_webhooks === 0)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function pricingPage(buyer: Buyer | undefined, bought: boolean, billingPage: string): Markup {
  const content = html`<h1>Plans</h1>
    <div class="card">
      <h2 style="margin:0">Example Pro</h2>
      <p>$29.00 per month</p>
      ${offer(buyer, bought, billingPage)}
    </div>`;
  return layout('Plans', standInLabel, content);
}

function offer(buyer: Buyer | undefined, bought: boolean, billingPage: string): Markup {
  if (!buyer) {
    return html`<p>
      <a class="button primary" href="/sign-in?return_to=/pricing">Sign in to buy</a>
    </p>`;
  }
  if (bought) {
    return html`<p>
      ${buyer.name} has bought this. <a href="${billingPage}">Go to the billing page</a>
    </p>`;
  }
  return html`<p class="quiet">For ${buyer.name}, without any money.</p>
    <form method="post" action="/pricing"><button class="primary">Buy</button></form>`;
}
