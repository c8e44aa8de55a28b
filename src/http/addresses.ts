import type { Context } from 'hono';
import type { AppEnv } from './context.ts';
import { lenientIntent, withIntent, type Intent } from '../portal/intent.ts';
import { isOriginMissing, originMissing } from './own-origin.ts';

// Marks the way back from the sign-in page, and on from a signed link. Someone who arrives
// unrecognised is shown the reason: another redirect would send them round in circles.
const RETURNED = 'signed_in';
const MARKS = { somebody: '1', nobody: '0', byLink: 'link' } as const;

/** Our own origin: the configured one, because a proxy may show us another. */
export function originOf(c: Context<AppEnv>): string {
  return c.get('services').config.publicOrigin ?? new URL(c.req.url).origin;
}

/**
 * The origin to sign links for, which no requester chooses.
 *
 * @throws BillingError `public_origin_missing`
 */
export function signingOrigin(c: Context<AppEnv>): string {
  if (isOriginMissing(c, c.get('services').config)) throw originMissing('A link was asked for.');
  return originOf(c);
}

const EMAIL_SIGN_IN = '/billing/sign-in';
const PERMANENT = '/billing/manage';
// It has to fit into the link of a mail, several times encoded. All but long return addresses do.
const LONGEST_GOAL = 1_000;

/**
 * Where people sign in by e-mail, with what they came to do; undefined where no mails can be sent.
 *
 * @param goal  the address that they came to
 */
export function emailSignInAddress(c: Context<AppEnv>, goal: string): string | undefined {
  const { emailSignIn, config } = c.get('services');
  if (!emailSignIn || isOriginMissing(c, config)) return undefined;
  const to = goalIn(c, goal)?.address;
  return to === undefined ? EMAIL_SIGN_IN : `${EMAIL_SIGN_IN}?to=${encodeURIComponent(to)}`;
}

/** What a visitor came for, and the address that asks for it. */
export type Goal = { intent: Intent; address: string };

/** What an address of ours asks for, without the language: a cookie and the mail have that. */
export function intentIn(c: Context<AppEnv>, address: string): Intent {
  const { searchParams } = new URL(destinationOf(c, address), originOf(c));
  // Of a parameter that is repeated the first counts, as it does for the link itself.
  const query = Object.fromEntries([...searchParams].toReversed());
  return lenientIntent({ ...query, locale: undefined });
}

/** The same for a mail to carry; undefined for nothing special, or too much. */
export function goalIn(c: Context<AppEnv>, address: string): Goal | undefined {
  const intent = intentIn(c, address);
  return [intent, { ...intent, return_to: undefined }]
    .map((each) => ({ intent: each, address: withIntent(PERMANENT, each) }))
    .find((goal) => goal.address !== PERMANENT && goal.address.length <= LONGEST_GOAL);
}

/** Where people sign in, with the way back to one of our addresses: at the provider, or the site. */
export function signInAddress(c: Context<AppEnv>, returnTo: string): string | undefined {
  const { signIn, config } = c.get('services');
  const destination = destinationOf(c, returnTo);
  // On our own origin: what is remembered of an attempt must come back to the callback there.
  if (signIn) return `${originOf(c)}/billing/authorize?to=${encodeURIComponent(destination)}`;
  const address = new URL(markReturned(destination), originOf(c));
  return config.signInUrl?.replaceAll('{return_to}', encodeURIComponent(address.href));
}

const DESTINATIONS = new Set(['/billing', '/billing/manage']);

/**
 * Path and query to come back to after signing in: of the link or the page, and without what must
 * not travel. An origin is left out, because behind a proxy the request has another than ours.
 */
export function destinationOf(c: Context<AppEnv>, returnTo: string): string {
  const url = URL.parse(returnTo, originOf(c));
  if (!url || !DESTINATIONS.has(url.pathname)) return '/billing';
  url.searchParams.delete('token');
  url.searchParams.delete(RETURNED);
  return `${url.pathname}${url.search}`;
}

/** Marks the address of someone who comes back from signing in, or who was signed in by a link. */
export function markReturned(destination: string, as: keyof typeof MARKS = 'somebody'): string {
  return `${destination}${destination.includes('?') ? '&' : '?'}${RETURNED}=${MARKS[as]}`;
}

/** Whether the provider has just said that nobody is signed in there. */
export const isKnownAsNobody = (c: Context<AppEnv>) => c.req.query(RETURNED) === MARKS.nobody;

/** Whether a signed link has just begun a session, of which the browser has the cookie. */
export const cameByLink = (c: Context<AppEnv>) => c.req.query(RETURNED) === MARKS.byLink;

/** Whether a cookie that is set now comes back to our own origin. A proxy may change the host. */
export const isOnOwnOrigin = (c: Context<AppEnv>) => new URL(c.req.url).origin === originOf(c);

/** Whether the visitor comes back from the sign-in page. */
export function hasReturned(c: Context<AppEnv>): boolean {
  return c.req.query(RETURNED) !== undefined;
}
