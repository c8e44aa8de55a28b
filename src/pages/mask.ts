// The last letter of a short name would reveal too much of it.
const LONG_NAME = 4;

/**
 * An address that its owner recognises and others cannot use: a•••e@example.com. The page of a
 * signed link shows no more of it.
 */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  if (at < 1) return '•••';
  const name = Array.from(email.slice(0, at));
  const first = name.length > 1 ? name[0] : '';
  const last = name.length >= LONG_NAME ? name.at(-1) : '';
  return `${first}•••${last}${email.slice(at)}`;
}
