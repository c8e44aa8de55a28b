import type { Customer } from '../customers/customer.ts';
import type { Owed } from '../portal/due.ts';
import type { Intent } from '../portal/intent.ts';
import { payableOf } from '../portal/pay.ts';
import { DueList } from './due.tsx';
import { ManageForm } from './form.tsx';
import type { Locale } from './locale.ts';
import { SubscriptionLine } from './subscription.tsx';
import { byUrgency } from './subscription-state.ts';

/** One billing account: its portal, and its subscriptions. */
export function Account({
  customer,
  owed,
  several,
  locale,
  asked,
  comeBackTo,
}: {
  customer: Customer;
  /** Undefined where there was no reason to ask Stripe. */
  owed: Owed | undefined;
  several: boolean;
  locale: Locale;
  asked: Intent;
  /** Where to come back to from Stripe's page of an invoice. */
  comeBackTo: string;
}) {
  const { language } = locale;
  const { id, email, subscriptions } = customer;
  const name = customer.name ?? email ?? language.yourAccount;
  // These are about the customer and no single subscription.
  const whole = asked.flow === 'customer_update' || asked.flow === 'payment_method_update';
  const manage = whole ? language.actions.choose : language.manage;
  const home = { ...asked, customer: id, flow: undefined, subscription: undefined };
  const own = whole ? home : { ...asked, customer: id };
  const ids = new Set(subscriptions.map((each) => each.id));
  const due = typeof owed === 'object' ? owed : [];
  // The oldest: its button is the first of the page.
  const [first] = payableOf(due);
  const others = due.filter(({ subscription = '' }) => !ids.has(subscription));
  return (
    <section class="card" aria-labelledby={id}>
      <div class="account">
        <div>
          <h2 id={id}>{name}</h2>
          {email && email !== name && <p class="quiet">{email}</p>}
        </div>
        <ManageForm intent={whole ? { ...home, flow: asked.flow } : home}>
          <button
            class={first ? 'button plain' : 'button'}
            type="submit"
            aria-label={several ? `${manage}: ${name}` : undefined}
          >
            {manage}
          </button>
        </ManageForm>
      </div>
      {owed === 'unknown' && <p>{language.due.unknown}</p>}
      {subscriptions.length === 0 && <p class="quiet">{language.noSubscription}</p>}
      <ul class="subscriptions">
        {byUrgency(subscriptions, due).map((subscription) => (
          <SubscriptionLine
            subscription={subscription}
            invoices={due.filter((each) => each.subscription === subscription.id)}
            first={first}
            isUnknown={owed === 'unknown'}
            locale={locale}
            asked={own}
          />
        ))}
        {others.length > 0 && (
          <li>
            <DueList invoices={others} locale={locale} asked={own} first={first} />
          </li>
        )}
      </ul>
      {first && (
        <p class="quiet">
          {language.due.opensThere} {language.due.comeBack(comeBackTo)}
        </p>
      )}
    </section>
  );
}
