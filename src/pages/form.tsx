import type { Child } from 'hono/jsx';
import type { Flow } from '../portal/flow.ts';
import type { Locale } from './locale.ts';

/** A form that goes to the portal: for this customer, and with a flow if there is one. */
export function ManageForm({
  customer,
  subscription,
  flow,
  locale,
  children,
}: {
  customer: string;
  subscription?: string;
  flow: Flow | undefined;
  locale: Locale;
  children: Child;
}) {
  return (
    <form method="post" action="/billing/manage">
      <input type="hidden" name="customer" value={customer} />
      {flow && <input type="hidden" name="flow" value={flow} />}
      {flow && subscription && <input type="hidden" name="subscription" value={subscription} />}
      <input type="hidden" name="locale" value={locale.tag} />
      {children}
    </form>
  );
}
