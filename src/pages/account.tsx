import type { Customer } from '../customers/customer.ts';
import type { Intent } from '../portal/intent.ts';
import { ManageForm } from './form.tsx';
import type { Locale } from './locale.ts';
import { SubscriptionLine } from './subscription.tsx';

/** One billing account: its portal, and its subscriptions. */
export function Account({
  customer,
  several,
  locale,
  asked,
}: {
  customer: Customer;
  several: boolean;
  locale: Locale;
  asked: Intent;
}) {
  const { language } = locale;
  const { id, email, subscriptions } = customer;
  const name = customer.name ?? email ?? language.yourAccount;
  // These are about the customer and no single subscription.
  const whole = asked.flow === 'customer_update' || asked.flow === 'payment_method_update';
  const manage = whole ? language.actions.choose : language.manage;
  const home = { ...asked, customer: id, flow: undefined, subscription: undefined };
  return (
    <section class="card" aria-labelledby={id}>
      <div class="account">
        <div>
          <h2 id={id}>{name}</h2>
          {email && email !== name && <p class="quiet">{email}</p>}
        </div>
        <ManageForm intent={whole ? { ...home, flow: asked.flow } : home}>
          <button
            class="button"
            type="submit"
            aria-label={several ? `${manage}: ${name}` : undefined}
          >
            {manage}
          </button>
        </ManageForm>
      </div>
      {subscriptions.length === 0 ? (
        <p class="quiet">{language.noSubscription}</p>
      ) : (
        <ul class="subscriptions">
          {subscriptions.map((subscription) => (
            <SubscriptionLine
              subscription={subscription}
              locale={locale}
              asked={whole ? home : { ...asked, customer: id }}
            />
          ))}
        </ul>
      )}
    </section>
  );
}
