import type { Child } from 'hono/jsx';
import type { Due } from '../portal/due.ts';
import type { Intent } from '../portal/intent.ts';
import { ManageForm } from './form.tsx';
import type { Locale } from './locale.ts';
import { formatDay, formatMoney } from './money.ts';

/** What is due: how much, since when, on which invoice, and a form to pay it. */
export function DueLine({
  due,
  locale: { language, tag },
  children,
}: {
  due: Due;
  locale: Locale;
  children: Child;
}) {
  const { number, amount, currency, deadline, since, triedAgainAt, isOnItsWay } = due;
  const money = formatMoney(amount, currency, tag);
  return (
    <li class="split">
      <div id={due.id}>
        <p>
          <strong>
            {deadline === null
              ? language.due.since(money, formatDay(since, tag))
              : language.due.by(money, formatDay(deadline, tag))}
          </strong>
        </p>
        {number !== null && <p class="quiet">{language.due.invoice(number)}</p>}
        {isOnItsWay && <p>{language.due.onItsWay}</p>}
        {triedAgainAt !== null && !isOnItsWay && (
          <p class="quiet">{language.due.triedAgain(formatDay(triedAgainAt, tag))}</p>
        )}
      </div>
      {!isOnItsWay && children}
    </li>
  );
}

/** A button's full name, for screen readers. */
export const payLabel = ({ number, id }: Due, { language }: Locale): string =>
  `${language.due.payNow}: ${number ?? id}`;

/** The invoices of one subscription, or those of none on the page. */
export function DueList({
  invoices,
  locale,
  asked,
  first,
  isMain,
  note,
}: {
  invoices: Due[];
  locale: Locale;
  asked: Intent;
  /** The one to pay first, with a note on where it leads. */
  first: Due | undefined;
  /** Whether its button is the page's filled one. */
  isMain: boolean;
  note: string;
}) {
  const { due } = locale.language;
  if (invoices.length === 0) return null;
  return (
    <>
      <ul class="list" role="list">
        {invoices.map((each) => (
          <DueLine due={each} locale={locale}>
            <ManageForm
              intent={{ ...asked, flow: 'pay', subscription: undefined, invoice: each.id }}
            >
              <button
                class={isMain && each === first ? 'button' : 'button plain'}
                type="submit"
                aria-label={payLabel(each, locale)}
                aria-describedby={each.id}
              >
                {due.payNow}
              </button>
            </ManageForm>
          </DueLine>
        ))}
      </ul>
      {first && invoices.includes(first) && <p class="quiet">{note}</p>}
    </>
  );
}
