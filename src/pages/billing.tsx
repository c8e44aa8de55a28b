import type { Customer } from '../customers/customer.ts';
import { dueIn, type Owed } from '../portal/due.ts';
import type { Intent } from '../portal/intent.ts';
import { payableOf } from '../portal/pay.ts';
import { portalLocale } from '../portal/locale.ts';
import type { Portal } from '../portal/portals.ts';
import type { Change } from '../portal/visit.ts';
import { Account } from './account.tsx';
import type { Language } from './languages/language.ts';
import type { Frame } from './frame.ts';
import { isolate } from './isolate.ts';
import { Layout } from './layout.tsx';
import { newsIn, Notice } from './notice.tsx';
import { ownIds } from './own-ids.ts';

/** The page that people come back to: accounts, subscriptions, and what they can do. */
export function BillingPage({
  frame,
  signedInAs,
  canSignOut,
  customers,
  portalFor,
  asked,
  flowUnavailable,
  changes,
  owed,
  news,
  comeBackTo,
  pricingUrl,
}: {
  frame: Frame;
  signedInAs: string | undefined;
  /** True for a session of ours. Only the site can end its own. */
  canSignOut: boolean;
  customers: Customer[];
  portalFor: (customer: Customer) => Portal;
  /** What the visitor came for. They choose the account or subscription. */
  asked: Intent;
  /** What they came for was not possible. */
  flowUnavailable: boolean;
  /** What they did in the portal; undefined if they were not there, or it is not known yet. */
  changes: Change[] | undefined;
  /** By the customer's id. */
  owed: ReadonlyMap<string, Owed>;
  /** The invoice that they went to pay is no longer open, or they came to pay and need not. */
  news: 'settled' | 'nothing' | undefined;
  comeBackTo: string;
  pricingUrl: string | undefined;
}) {
  const { language, tag } = frame.locale;
  const several = customers.length > 1;
  const question = customers.length > 0 ? questionOf(asked, owed, language) : undefined;
  const title = question ?? (several ? language.chooseAccount : language.billing);
  const intent = { ...asked, locale: portalLocale(asked.locale) ?? tag };
  const sentences = newsIn(frame.locale, changes ?? [], flowUnavailable, news);
  // Who owes has the one filled button, unless the page asks about something else.
  const mayPay = question === undefined || asked.flow === 'pay';
  const payable = mayPay ? payableOf(dueIn(owed)) : [];
  const debtor = customers.find(({ id }) => payable.some(({ customer }) => customer === id));
  const fields = [...frame.repeat.fields, ...ownIds(asked, customers, owed)];
  return (
    <Layout
      frame={{ ...frame, repeat: { ...frame.repeat, fields } }}
      title={title}
      tab={[...sentences.slice(0, 1), title].join(' · ')}
    >
      <Notice sentences={sentences} />
      {customers.some(({ isSynced }) => !isSynced) && <p class="notice">{language.mayBeOld}</p>}
      {customers.length === 0 ? (
        <NothingYet language={language} pricingUrl={pricingUrl} />
      ) : (
        customers.map((customer) => (
          <Account
            customer={customer}
            owed={owed.get(customer.id)}
            portal={portalFor(customer)}
            several={several}
            isMain={debtor ? debtor === customer : !several}
            isAnswer={question !== undefined}
            locale={frame.locale}
            asked={intent}
            comeBackTo={comeBackTo}
          />
        ))
      )}
      {question !== undefined && (
        <p>
          <a class="back" href="/billing" rel="noreferrer">
            {language.goToBilling}
          </a>
        </p>
      )}
      {signedInAs && <p class="quiet">{language.signedInAs(isolate(signedInAs))}</p>}
      {canSignOut && <SignOut language={language} />}
    </Layout>
  );
}

/** What the visitor has to choose, if anything. */
function questionOf(
  { flow }: Intent,
  owed: ReadonlyMap<string, Owed>,
  { which, due }: Language,
): string | undefined {
  if (flow !== 'pay') return flow && which[flow];
  return payableOf(dueIn(owed)).length > 1 ? due.which : undefined;
}

function SignOut({ language }: { language: Language }) {
  return (
    <form method="post" action="/billing/sign-out">
      <span class="quiet">{language.notYou}</span>{' '}
      <button class="textual" type="submit">
        {language.signOut}
      </button>
    </form>
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
