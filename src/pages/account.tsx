import type { Customer } from '../customers/customer.ts';
import type { Owed } from '../portal/due.ts';
import type { Intent } from '../portal/intent.ts';
import { payableOf } from '../portal/pay.ts';
import type { Portal } from '../portal/portals.ts';
import { breakable } from './breakable.tsx';
import { DueList } from './due.tsx';
import { ManageForm } from './form.tsx';
import type { Locale } from './locale.ts';
import { SubscriptionLine } from './subscription.tsx';
import { actionsFor } from './subscription-actions.ts';
import { byUrgency } from './subscription-state.ts';

/** One billing account: its portal, and its subscriptions. */
export function Account({
  customer,
  owed,
  portal,
  several,
  isMain,
  isAnswer,
  locale,
  asked,
  comeBackTo,
}: {
  customer: Customer;
  /** Undefined where there was no reason to ask Stripe. */
  owed: Owed | undefined;
  portal: Portal;
  several: boolean;
  /** Whether the page's one filled button is here. */
  isMain: boolean;
  /** The page asks a question. Only what answers it is shown. */
  isAnswer: boolean;
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
  const isUnknown = owed === 'unknown';
  const mayPay = !isAnswer || asked.flow === 'pay';
  const lines = byUrgency(subscriptions, due)
    .map((subscription) => {
      const invoices = due.filter((each) => each.subscription === subscription.id);
      const hasInvoice = invoices.length > 0;
      const actions = actionsFor(subscription, own, isUnknown, hasInvoice, portal, language);
      return { subscription, invoices, actions };
    })
    .filter(
      ({ invoices, actions }) =>
        !isAnswer || (!whole && (asked.flow === 'pay' ? invoices : actions).length > 0),
    );
  const shown = lines.flatMap(({ invoices }) => invoices);
  const others = mayPay ? due.filter((each) => !shown.includes(each)) : [];
  // The most urgent says how to come back.
  const [first] = mayPay ? payableOf([...shown, ...others]) : [];
  const comeBack = `${language.due.opensThere} ${language.due.comeBack(comeBackTo)}`;
  const list = { locale, asked: own, first, isMain, note: comeBack };
  return (
    <section class="card" aria-labelledby={id}>
      <div class="split">
        <div>
          <h2 id={id}>
            <bdi>{name}</bdi>
          </h2>
          {email && email !== name && (
            <p class="quiet">
              <bdi>{breakable(email)}</bdi>
            </p>
          )}
        </div>
        {(whole || !isAnswer) && (
          <ManageForm intent={whole ? { ...home, flow: asked.flow } : home}>
            <button
              class={isMain && !first ? 'button' : 'button plain'}
              type="submit"
              aria-label={several ? `${manage}: ${name}` : undefined}
            >
              {manage}
            </button>
          </ManageForm>
        )}
      </div>
      {isUnknown && mayPay && (
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
      {lines.length + others.length > 0 && (
        <ul class={isAnswer ? 'list choice' : 'list'} role="list">
          {lines.map(({ subscription, invoices, actions }) => (
            <SubscriptionLine
              subscription={subscription}
              actions={actions}
              isAsked={typeof owed === 'object'}
              locale={locale}
              asked={own}
              hasInvoice={invoices.length > 0}
            >
              {mayPay && <DueList invoices={invoices} {...list} />}
            </SubscriptionLine>
          ))}
          {others.length > 0 && (
            <li>
              <DueList invoices={others} {...list} />
            </li>
          )}
        </ul>
      )}
    </section>
  );
}
