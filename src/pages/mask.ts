// The last letter of a short name would reveal too much of it.
const LONG_NAME = 4;

/**
 * An address that its owner recognises and others cannot use: a•••e@example.com. The page of a
 * signed link shows no more of it, unless the mask would also fit another address on the page:
 * then it shows as many letters as it takes to tell them apart.
 */
export function maskEmail(email: string, other?: string): string {
  const at = email.lastIndexOf('@');
  if (at < 1) return '•••';
  const name = Array.from(email.slice(0, at));
  const domain = email.slice(at);
  const last = name.length >= LONG_NAME ? (name.at(-1) ?? '') : '';
  for (let shown = name.length > 1 ? 1 : 0; shown < name.length; shown += 1) {
    const first = name.slice(0, shown).join('');
    if (!fits(other, email, first, `${last}${domain}`)) return `${first}•••${last}${domain}`;
  }
  return email;
}

/** Whether `maskEmail` masks an address like this, where it stands alone. */
export const isMasked = (text: string): boolean => /^(?:•••|[^•@]•••[^•@]?)@[^•@]+$/u.test(text);

/** Whether a mask could also stand for the other address, which is not the same one. */
function fits(other: string | undefined, email: string, first: string, last: string): boolean {
  if (other === undefined) return false;
  const [one, two] = [email.toLowerCase(), other.toLowerCase()];
  return one !== two && two.startsWith(first.toLowerCase()) && two.endsWith(last.toLowerCase());
}
