import punycode from 'punycode.js';
import { once } from '../once.ts';

// oxlint-disable-next-line import/no-named-as-default-member -- Node finds no names in its CommonJS.
const { toUnicode } = punycode;

// RFC 5321 §4.5.3.1 counts octets.
const LONGEST = 254;
const LONGEST_NAME = 64;

// One name, one @, one domain. No quotes, lists, comments or display names, and nothing that is
// invisible: control and format characters, spaces of any kind, lone surrogates and
// what stands in for them. No literal: V8 would read Unicode's tables for one at each start.
const OTHERS = String.raw`\p{C}\p{Z}\uFFFD@<>()[\]",;:\\`;
const pattern = once(
  () => new RegExp(`^(?<name>[^${OTHERS}]+)@(?<domain>[^${OTHERS}/?#%]+)$`, 'u'),
);
const LABEL = /^(?!-)[a-z\d-]{1,63}(?<!-)$/;

// As SQLite's lower(). toLowerCase() also makes `k` of U+212A, which is another mailbox.
const lower = (text: string) => text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
const octets = (text: string) => new TextEncoder().encode(text).length;

/** The parts of one valid address, its domain in ASCII (RFC 5891); undefined for anything else. */
function partsOf(address: string): { name: string; domain: string } | undefined {
  const { name, domain } = pattern().exec(address)?.groups ?? {};
  if (name === undefined || domain === undefined) return undefined;
  if (octets(address) > LONGEST || octets(name) > LONGEST_NAME) return undefined;
  if (name.startsWith('.') || name.endsWith('.') || name.includes('..')) return undefined;
  const ascii = URL.parse(`http://${domain}`)?.hostname ?? '';
  // A number at the end makes it an IP address.
  const isDomain =
    ascii.split('.').every((label) => LABEL.test(label)) && !/(?:^|\.)\d+$/.test(ascii);
  return isDomain && octets(`${name}@${ascii}`) <= LONGEST ? { name, domain: ascii } : undefined;
}

/** Whether this is one address that a mail can go to, and nothing besides. */
export function isAddress(text: string): boolean {
  return partsOf(text) !== undefined;
}

/** The form in which addresses are compared: the same for each spelling of the domain and case. */
export function comparable(address: string): string {
  const parts = partsOf(address);
  return parts ? `${lower(parts.name)}@${parts.domain}` : lower(address);
}

/** The spellings in which D1 may hold an address: its domain as people write it and in ASCII. */
export function spellingsOf(address: string): string[] {
  const parts = partsOf(address);
  const given = lower(address);
  if (!parts) return [given];
  const name = lower(parts.name);
  return [...new Set([given, `${name}@${parts.domain}`, `${name}@${asWritten(parts.domain)}`])];
}

/** A domain as people write it. `xn--` alone makes no domain of one in Unicode (RFC 5890 §2.3.2.1). */
function asWritten(domain: string): string {
  try {
    const written = toUnicode(domain);
    return URL.parse(`http://${written}`)?.hostname === domain ? written : domain;
  } catch {
    return domain;
  }
}
