import type { Child } from 'hono/jsx';
import { fieldsOf, type Intent } from '../portal/intent.ts';

/** A form that opens the portal with this intent. The server checks its fields again. */
export function ManageForm({ intent, children }: { intent: Intent; children: Child }) {
  return (
    <form method="post" action="/billing/manage">
      {fieldsOf(intent).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {children}
    </form>
  );
}
