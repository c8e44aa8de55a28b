import type { Customer } from '../customers/customer.ts';
import type { Goal } from '../portal/intent.ts';
import { breakable } from './breakable.tsx';
import { isolate } from './isolate.ts';
import type { Frame } from './frame.ts';
import { Layout } from './layout.tsx';
import type { Language } from './languages/language.ts';
import { maskEmail } from './mask.ts';
import { OpenForm, type OpenButton } from './open-form.tsx';

const PLAIN = 'button plain';

/** Shows the account that a signed link opens, with a button for each customer. */
export function LinkPage({
  frame,
  token,
  email,
  flow,
  isHome,
  isMailed,
  customers,
  only,
  chosen,
  asksTick,
  signedInAs,
  button,
}: {
  frame: Frame;
  token: string;
  email: string | undefined;
  /** What the buttons open; undefined for the portal's home. */
  flow: Goal | undefined;
  /** The visitor has asked for the home, in place of the goal. */
  isHome: boolean;
  /** Others may have chosen the goal of a mailed link: the home has a button of its own. */
  isMailed: boolean;
  customers: Customer[];
  /** The one of several that the goal is for: the page names it. */
  only: Customer | undefined;
  /** The one of several that the visitor has just chosen. */
  chosen: Customer | undefined;
  asksTick: boolean;
  /** Another subject, who stays signed in unless the visitor presses the button. */
  signedInAs: { email: string | undefined; isValid: boolean } | undefined;
  button: OpenButton;
}) {
  const { language } = frame.locale;
  const { link } = language;
  const owner = email === undefined ? undefined : isolate(maskEmail(email, signedInAs?.email));
  const present = signedInAs && presentName(signedInAs, email);
  const brand = isolate(frame.brand.name);
  const shown = chosen ? [chosen] : customers;
  const isSeveral = customers.length > 1;
  const isList = isSeveral || only !== undefined;
  const which = flow && flow !== 'pay' && { ...language.which, ...language.whichAccount }[flow];
  const question = isSeveral ? which || language.chooseAccount : language.billing;
  const title = signedInAs ? link.isAnother : question;
  const plain = signedInAs && owner ? link.continueAs(owner) : language.manage;
  const goal = flow && labelOf(flow, language);
  const label = signedInAs && owner && goal ? `${plain}${language.colon}${goal}` : (goal ?? plain);
  const form = { token, frame, button, isHome };
  // The safe choice comes first, and is the filled one.
  const stay = signedInAs && (
    <a class="button" href="/billing" rel="noreferrer">
      {present ? breakable(link.stayAs(present)) : link.stay}
    </a>
  );
  const apart = isMailed && goal && !chosen && (
    <OpenForm {...form} isHome asksTick={false} look={PLAIN}>
      {plain}
    </OpenForm>
  );
  return (
    <Layout frame={frame} title={title}>
      <section class="card">
        {signedInAs && <p>{present ? link.signedInAs(present) : link.signedInElse}</p>}
        <p>{owner ? link.opens(owner, brand) : link.opensOne(brand)}</p>
        {signedInAs && <p>{link.whichOne}</p>}
        {isList && stay && <p class="actions">{stay}</p>}
        {signedInAs && isSeveral && which && <p>{which}</p>}
        {isList ? (
          <ul class="list" role="list">
            {shown.map((customer) => {
              const name = nameOf(customer, language);
              const text = isSeveral ? language.actions.choose : label;
              const choice = { name: 'customer', value: customer.id, label: `${text}: ${name}` };
              return (
                <li class="split">
                  <bdi>{name}</bdi>
                  <OpenForm
                    {...form}
                    choice={choice}
                    asksTick={asksTick && shown.length === 1}
                    look={PLAIN}
                  >
                    {text}
                  </OpenForm>
                </li>
              );
            })}
          </ul>
        ) : (
          <div class="actions">
            {stay}
            <OpenForm {...form} asksTick={asksTick} look={stay ? PLAIN : undefined}>
              {label}
            </OpenForm>
            {apart}
          </div>
        )}
        {isList && apart && <div class="actions">{apart}</div>}
      </section>
    </Layout>
  );
}

/** In full only for someone who is validly signed in: an expired token can be anyone's. */
function presentName(
  { email, isValid }: { email: string | undefined; isValid: boolean },
  owner: string | undefined,
): string | undefined {
  if (email === undefined) return undefined;
  return isolate(isValid ? email : maskEmail(email, owner));
}

function nameOf({ name, email }: Customer, language: Language): string {
  return name ?? (email ? maskEmail(email) : language.yourAccount);
}

/** The button says what it opens. */
function labelOf(flow: Goal, { actions, due, link }: Language): string {
  const labels: Record<Goal, string> = {
    pay: due.payNow,
    payment_method_update: actions.updateMethod,
    customer_update: link.updateDetails,
    // “Cancel” alone would pass for the way out.
    subscription_cancel: link.cancel,
    subscription_pause: link.pause,
    subscription_update: actions.changePlan,
    subscription_update_confirm: actions.changePlan,
  };
  return labels[flow];
}
