import type { Child } from 'hono/jsx';

/** A table of one row, which mails are laid out with. It is read out as what is in it. */
export function Table({ children, ...attributes }: { children: Child } & Record<string, unknown>) {
  return (
    <table role="presentation" cellpadding="0" cellspacing="0" border={0} {...attributes}>
      <tbody>
        <tr>{children}</tr>
      </tbody>
    </table>
  );
}
