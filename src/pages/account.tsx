import type { Customer } from '../customers/customer.ts';
import type { Owed } from '../portal/due.ts';
import type { Intent } from '../portal/intent.ts';
import { payableOf } from '../portal/pay.ts';
import type { Portal } from '../portal/portals.ts';
import { DueList } from './due.tsx';
import { ManageForm } from './form.tsx';
import type { Locale } from './locale.ts';
import { SubscriptionLine } from './subscription.tsx';
import { byUrgency } from './subscription-state.ts';

/** One billing account: its portal, and its subscriptions. */
export function Account({
  customer,
  owed,
  portal,
  several,
  locale,
  asked,
  comeBackTo,
}: {
  customer: Customer;
  /** Undefined where there was no reason to ask Stripe. */
  owed: Owed | undefined;
  portal: Portal;
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
  const due = typeof owed === 'object' ? owed : [];
  const lines = byUrgency(subscriptions, due).map((subscription) => ({
    subscription,
    invoices: due.filter((each) => each.subscription === subscription.id),
  }));
  const shown = lines.flatMap(({ invoices }) => invoices);
  const others = due.filter((each) => !shown.includes(each));
  // The most urgent has the one filled button, and says how to come back.
  const [first] = payableOf([...shown, ...others]);
  const comeBack = `${language.due.opensThere} ${language.due.comeBack(comeBackTo)}`;
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
      {owed === 'unknown' && (
        <>
          <p>{language.due.unknown}</p>
          <ManageForm intent={{ ...home, flow: 'pay', invoice: undefined }}>
            <button class="button plain" type="submit">
              {language.due.payNow}
            </button>
          </ManageForm>
          <p class="quiet">{comeBack}</p>
        </>
      )}
      {subscriptions.length === 0 && <p class="quiet">{language.noSubscription}</p>}
      <ul class="subscriptions">
        {lines.map(({ subscription, invoices }) => (
          <SubscriptionLine
            subscription={subscription}
            isUnknown={owed === 'unknown'}
            isAsked={typeof owed === 'object'}
            portal={portal}
            locale={locale}
            asked={own}
            hasInvoice={invoices.length > 0}
          >
            <DueList
              invoices={invoices}
              locale={locale}
              asked={own}
              first={first}
              note={comeBack}
            />
          </SubscriptionLine>
        ))}
        {others.length > 0 && (
          <li>
            <DueList invoices={others} locale={locale} asked={own} first={first} note={comeBack} />
          </li>
        )}
      </ul>
    </section>
  );
}
