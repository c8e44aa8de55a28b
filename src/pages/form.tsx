import type { Child } from 'hono/jsx';
import type { Intent } from '../portal/intent.ts';

/** A form that opens the portal with this intent. The server checks its fields again. */
export function ManageForm({ intent, children }: { intent: Intent; children: Child }) {
  const fields = Object.entries(intent).filter(([, value]) => value !== undefined);
  return (
    <form method="post" action="/billing/manage">
      {fields.map(([name, value]) => (
        <input type="hidden" name={name} value={String(value)} />
      ))}
      {children}
    </form>
  );
}
