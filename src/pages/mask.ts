// Of a short name, its last letter would be half of the secret.
const LONG_NAME = 4;

/**
 * An address as its owner knows it again and nobody else learns it: a•••e@example.com.
 * Whoever holds a link sees no more of it.
 */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  if (at < 1) return '•••';
  const name = Array.from(email.slice(0, at));
  const first = name.length > 1 ? name[0] : '';
  const last = name.length >= LONG_NAME ? name.at(-1) : '';
  return `${first}•••${last}${email.slice(at)}`;
}
