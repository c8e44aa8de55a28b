/**
 * An address as its owner knows it again and nobody else learns it: a•••@example.com.
 * Whoever holds a link sees no more of it.
 */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  if (at < 1) return '•••';
  const [first = ''] = email;
  return `${at > 1 ? first : ''}•••${email.slice(at)}`;
}
