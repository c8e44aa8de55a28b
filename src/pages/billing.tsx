import type { Customer } from '../customers/store.ts';
import type { Flow } from '../portal/flow.ts';
import type { Change } from '../portal/visit.ts';
import { ManageForm } from './form.tsx';
import type { Language } from './languages/language.ts';
import { Layout, type Frame } from './layout.tsx';
import type { Locale } from './locale.ts';
import { productsOf, SubscriptionLine } from './subscription.tsx';

/** What somebody comes back from the portal with. */
export type Return = { flowUnavailable: boolean; changes: Change[] };

/** The page that people come back to: their accounts, their subscriptions, and what to do. */
export function BillingPage({
  frame,
  signedInAs,
  canSignOut,
  customers,
  asked,
  returned,
  pricingUrl,
}: {
  frame: Frame;
  signedInAs: string | undefined;
  /** The session is ours: the site's own is the site's to end. */
  canSignOut: boolean;
  customers: Customer[];
  asked: Flow | undefined;
  returned: Return | undefined;
  pricingUrl: string | undefined;
}) {
  const { language } = frame.locale;
  const several = customers.length > 1;
  const title = several ? language.chooseAccount : language.billing;
  return (
    <Layout frame={frame} title={language.billing}>
      <h1>{asked && customers.length > 0 ? language.which[asked] : title}</h1>
      {returned && <Notice returned={returned} language={language} />}
      {customers.some(({ isSynced }) => !isSynced) && <p class="notice">{language.mayBeOld}</p>}
      {customers.length === 0 ? (
        <NothingYet language={language} pricingUrl={pricingUrl} />
      ) : (
        customers.map((customer) => (
          <Account customer={customer} several={several} locale={frame.locale} asked={asked} />
        ))
      )}
      {signedInAs && <p class="quiet">{language.signedInAs(signedInAs)}</p>}
      {canSignOut && <SignOut language={language} />}
    </Layout>
  );
}

function SignOut({ language }: { language: Language }) {
  return (
    <form method="post" action="/billing/sign-out" class="aside">
      <span class="quiet">{language.notYou}</span>{' '}
      <button class="textual" type="submit">
        {language.signOut}
      </button>
    </form>
  );
}

function Notice({ returned, language }: { returned: Return; language: Language }) {
  const { flowUnavailable, changes } = returned;
  const told = changes.map(({ kind, subscription }) =>
    language.changes[kind](subscription ? productsOf(subscription) : ''),
  );
  return (
    <div class="notice" role="status">
      {flowUnavailable && <p>{language.flowUnavailable}</p>}
      {told.map((sentence) => (
        <p>{sentence}</p>
      ))}
      {!flowUnavailable && told.length === 0 && <p>{language.isBack}</p>}
    </div>
  );
}

function Account({
  customer,
  several,
  locale,
  asked,
}: {
  customer: Customer;
  several: boolean;
  locale: Locale;
  asked: Flow | undefined;
}) {
  const { language } = locale;
  const { id, email, subscriptions } = customer;
  const name = customer.name ?? email ?? language.yourAccount;
  // These are about the customer and no single subscription.
  const whole = asked === 'customer_update' || asked === 'payment_method_update';
  const manage = whole ? language.actions.choose : language.manage;
  return (
    <section class="card" aria-labelledby={id}>
      <div class="account">
        <div>
          <h2 id={id}>{name}</h2>
          {email && email !== name && <p class="quiet">{email}</p>}
        </div>
        <ManageForm customer={id} flow={whole ? asked : undefined} locale={locale}>
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
              customer={id}
              locale={locale}
              asked={whole ? undefined : asked}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function NothingYet({
  language,
  pricingUrl,
}: {
  language: Language;
  pricingUrl: string | undefined;
}) {
  return (
    <section class="card">
      <h2>{language.nothingYet}</h2>
      <p>{language.nothingYetAdvice}</p>
      {pricingUrl && (
        <p class="actions">
          <a class="button" href={pricingUrl}>
            {language.seePlans}
          </a>
        </p>
      )}
    </section>
  );
}
