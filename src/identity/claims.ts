import { CUSTOMER_ID } from '../stripe/ids.ts';
import type { Principal } from './principal.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a source of identity has verified: claims, and the header that came with them. */
export type VerifiedClaims = { header: Fields; claims: Fields };

/** What a deployment expects of claims. */
export type Expectations = {
  /** The claim that names the subject. */
  subject: string;
  /** The claim that names the Stripe customer, for sites that keep its id themselves. */
  customer: string | undefined;
  /** The source checks `aud` against a configured audience. */
  hasAudience: boolean;
  /** The clients that tokens may be issued to; undefined if none are configured. */
  authorizedParties: string[] | undefined;
};

export type ClaimsRefusal =
  | 'expiry_missing'
  | 'token_type'
  | 'audience'
  | 'authorized_party'
  | 'subject'
  | 'customer'
  | 'email_unverified';

export type ClaimsReading =
  | { kind: 'principal'; principal: Principal }
  | { kind: 'refused'; reason: ClaimsRefusal };

/** A row of the table: what must hold of one field, and the reason to give when it does not. */
type Requirement = {
  of: keyof VerifiedClaims;
  name: string;
  must: (value: unknown, verified: VerifiedClaims) => boolean;
  reason: ClaimsRefusal;
};

const isAbsent = (value: unknown) => value === undefined;
const isNot =
  (...refused: string[]) =>
  (value: unknown) =>
    typeof value !== 'string' || !refused.includes(typeName(value));

/** `application/at+jwt` and `AT+JWT` are `at+jwt` (RFC 7515 §4.1.9). */
const typeName = (value: string) => value.toLowerCase().replace(/^application\//, '');

/** What must hold of all verified claims: an issuer signs more than session tokens with a key. */
const REQUIREMENTS: Requirement[] = [
  // 1e400 is valid JSON. It parses to Infinity, and the token would never expire.
  { of: 'claims', name: 'exp', must: Number.isFinite, reason: 'expiry_missing' },
  // OpenID Connect Back-Channel Logout 1.0 §2.4, RFC 8417 §2.3, and our own links and sessions.
  {
    of: 'header',
    name: 'typ',
    must: isNot('logout+jwt', 'secevent+jwt', 'portal-link+jwt', 'portal-link-session+jwt'),
    reason: 'token_type',
  },
  { of: 'claims', name: 'events', must: isAbsent, reason: 'token_type' },
  // Someone acts for the subject (RFC 8693 §4.1): an impersonated session must not open billing.
  { of: 'claims', name: 'act', must: isAbsent, reason: 'token_type' },
  // Refresh tokens: djangorestframework-simplejwt, flask-jwt-extended, Keycloak.
  { of: 'claims', name: 'token_type', must: isNot('refresh'), reason: 'token_type' },
  { of: 'claims', name: 'type', must: isNot('refresh'), reason: 'token_type' },
  { of: 'claims', name: 'typ', must: isNot('refresh', 'offline', 'logout'), reason: 'token_type' },
  // Clerk signs JWT templates and machine tokens with the key and the issuer of its sessions.
  { of: 'header', name: 'cat', must: isClerkSession, reason: 'token_type' },
  // Clerk treats a session with tasks left, such as a second factor, as signed out.
  { of: 'claims', name: 'sts', must: isNot('pending'), reason: 'token_type' },
];

const CLERK_SESSION = 'cl_B7d4PD111AAA';
// Some instances give all their tokens this category. Only those of a session name it.
const CLERK_ANY = 'cl_I7d4PD111III';

function isClerkSession(category: unknown, { claims }: VerifiedClaims): boolean {
  if (typeof category !== 'string' || !/^cl_/i.test(category)) return true;
  if (category === CLERK_ANY) return typeof claims['sid'] === 'string';
  return category === CLERK_SESSION;
}

/** Turns verified claims into the principal that they name. */
export function toPrincipal(verified: VerifiedClaims, expected: Expectations): ClaimsReading {
  const broken = REQUIREMENTS.find(({ of, name, must }) => !must(verified[of][name], verified));
  if (broken) return { kind: 'refused', reason: broken.reason };
  const { claims } = verified;
  // RFC 7519 §4.1.3: `aud` names who may accept a token. An ID token, too, names its client there.
  if (claims['aud'] !== undefined && !expected.hasAudience) {
    return { kind: 'refused', reason: 'audience' };
  }
  if (!isForUs(verified, expected)) return { kind: 'refused', reason: 'authorized_party' };
  const subject = subjectIn(claims[expected.subject]);
  if (subject === undefined) return { kind: 'refused', reason: 'subject' };
  const { email, email_verified: emailVerified } = claims;
  if (expected.subject === 'email' && emailVerified !== undefined && emailVerified !== true) {
    return { kind: 'refused', reason: 'email_unverified' };
  }
  const customer = expected.customer === undefined ? undefined : claims[expected.customer];
  const named = isNothing(customer) ? { subject } : customersOf(subject, customer);
  if (!named) return { kind: 'refused', reason: 'customer' };
  return {
    kind: 'principal',
    principal: {
      ...named,
      ...(typeof email === 'string' && { email }),
      ...(typeof emailVerified === 'boolean' && { emailVerified }),
    },
  };
}

const isNothing = (value: unknown) => value === undefined || value === null || value === '';

/** Stripe says, when the session is created, whether there is such a customer in this mode. */
function customersOf(owner: string, id: unknown) {
  return typeof id === 'string' && CUSTOMER_ID.test(id) ? { customers: [id], owner } : undefined;
}

// The client that a token was issued to: OpenID Connect and RFC 9068, then Okta, then Entra ID.
const PARTIES = ['azp', 'client_id', 'cid', 'appid'];

/** Any app that the user has approved holds an access token: its client must be on the list. */
function isForUs(verified: VerifiedClaims, expected: Expectations): boolean {
  const { azp } = verified.claims;
  const isListed = (party: unknown) =>
    typeof party === 'string' && (expected.authorizedParties?.includes(party) ?? false);
  if (expected.authorizedParties && azp !== undefined && !isListed(azp)) return false;
  const parties = PARTIES.map((name) => verified.claims[name]).filter((each) => !isAbsent(each));
  const areListed = parties.length > 0 && parties.every(isListed);
  return !isAccessToken(verified) || (expected.hasAudience && areListed);
}

/** By RFC 9068, by a client that is named, or by an `azp` that is none of its own audiences. */
function isAccessToken({ header, claims }: VerifiedClaims): boolean {
  const { typ, cat } = header;
  if (typeof typ === 'string' && typeName(typ) === 'at+jwt') return true;
  if (PARTIES.some((name) => name !== 'azp' && !isAbsent(claims[name]))) return true;
  const { azp, aud } = claims;
  return !isAbsent(azp) && !isAbsent(aud) && cat !== CLERK_SESSION && ![aud].flat().includes(azp);
}

/** Django and Rails number their users. Other types than text and safe integers are refused. */
function subjectIn(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
