import type { Config } from '../config/config.ts';
import { SITES } from '../config/site-session.ts';
import { commonZone } from './zone.ts';

const HOST_PREFIX = '__Host-';

/** Whether cookies that one host sets reach another (RFC 6265 §5.3, RFC 6265bis §4.1.3). */
export type CookieWay =
  | { kind: 'arrives' }
  /** All of them have the prefix that binds them to their host. */
  | { kind: 'host_only' }
  /** The hosts share no domain. */
  | { kind: 'other_domain' }
  /** Only with this attribute `Domain`. */
  | { kind: 'needs_domain'; domain: string };

/**
 * @param theirs  the host that sets the cookies
 * @param ours  the Worker's host
 */
export function wayOfCookies(names: readonly string[], theirs: string, ours: string): CookieWay {
  if (theirs === ours) return { kind: 'arrives' };
  if (names.length > 0 && names.every((name) => name.startsWith(HOST_PREFIX))) {
    return { kind: 'host_only' };
  }
  const domain = isAddress(theirs) || isAddress(ours) ? undefined : commonZone(theirs, ours);
  return domain === undefined ? { kind: 'other_domain' } : { kind: 'needs_domain', domain };
}

const isAddress = (host: string) => /^[\d.]+$|^\[/.test(host);

// Those in chunks come with them.
const AUTHJS_NAMES = SITES.authjs.cookies.filter((name) => !name.endsWith('*'));

/** The session cookie that the Worker reads by itself; two with Auth.js, for http and https. */
export function ownCookies({ cookie, cookieFormat }: Config['auth']): string[] {
  if (cookie !== undefined) return [cookie];
  return cookieFormat.kind === 'authjs' ? AUTHJS_NAMES : [];
}

/** All session cookies that are read or forwarded. */
export const cookiesOf = (auth: Config['auth']): string[] => [
  ...ownCookies(auth),
  ...(auth.site?.cookies ?? []),
];
