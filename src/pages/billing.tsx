import type { Customer, Subscription } from '../customers/store.ts';
import { Layout, type Frame } from './layout.tsx';
import { SubscriptionLine } from './subscription.tsx';

/** The page that people come back to: whose accounts these are, and the way to the portal. */
export function BillingPage({
  frame,
  signedInAs,
  customers,
  subscriptions,
  pricingUrl,
}: {
  frame: Frame;
  signedInAs: string | undefined;
  customers: Customer[];
  subscriptions: Subscription[];
  pricingUrl: string | undefined;
}) {
  const several = customers.length > 1;
  return (
    <Layout frame={frame} title="Billing">
      <h1>{several ? 'Choose a billing account' : 'Billing'}</h1>
      {customers.length === 0 ? (
        <NothingYet pricingUrl={pricingUrl} />
      ) : (
        customers.map((customer) => (
          <Account
            customer={customer}
            subscriptions={subscriptions.filter(({ customerId }) => customerId === customer.id)}
            several={several}
          />
        ))
      )}
      {signedInAs && <p class="quiet">Signed in as {signedInAs}</p>}
    </Layout>
  );
}

function Account({
  customer,
  subscriptions,
  several,
}: {
  customer: Customer;
  subscriptions: Subscription[];
  several: boolean;
}) {
  const name = customer.name ?? customer.email ?? 'Your account';
  return (
    <section class="card account" aria-label={name}>
      <div>
        <h2>{name}</h2>
        {customer.email && customer.name && <p class="quiet">{customer.email}</p>}
        {subscriptions.length > 0 && (
          <ul class="subscriptions">
            {subscriptions.map((subscription) => (
              <SubscriptionLine subscription={subscription} />
            ))}
          </ul>
        )}
      </div>
      <form method="post" action="/billing/manage" class="actions">
        <input type="hidden" name="customer" value={customer.id} />
        <button class="button" type="submit" aria-label={several ? `Manage ${name}` : undefined}>
          {several ? 'Manage' : 'Manage subscription'}
        </button>
      </form>
    </section>
  );
}

function NothingYet({ pricingUrl }: { pricingUrl: string | undefined }) {
  return (
    <section class="card">
      <h2>Nothing to manage yet</h2>
      <p>Once you have bought something, your invoices and subscriptions appear here.</p>
      {pricingUrl && (
        <p class="actions">
          <a class="button" href={pricingUrl}>
            See plans
          </a>
        </p>
      )}
    </section>
  );
}

/** The same address for somebody who is not recognised. */
export function SignedOutPage({
  frame,
  signInUrl,
}: {
  frame: Frame;
  signInUrl: string | undefined;
}) {
  return (
    <Layout frame={frame} title="Billing">
      <section class="card">
        <h1>Billing</h1>
        <p>Sign in to see your plan, change your card and find your invoices.</p>
        {signInUrl && (
          <p class="actions">
            <a class="button" href={signInUrl}>
              Sign in
            </a>
          </p>
        )}
      </section>
    </Layout>
  );
}
