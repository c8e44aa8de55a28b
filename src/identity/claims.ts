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
  must: (value: unknown) => boolean;
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
];

// A session, and an instance that gives all its tokens one category. Clerk's backend SDK accepts
// both, and tokens of other issuers have no category of Clerk's.
const CLERK_SESSIONS = new Set(['cl_B7d4PD111AAA', 'cl_I7d4PD111III']);

function isClerkSession(category: unknown): boolean {
  const isClerks = typeof category === 'string' && /^cl_/i.test(category);
  return !isClerks || CLERK_SESSIONS.has(category);
}

/** Turns verified claims into the principal that they name. */
export function toPrincipal(verified: VerifiedClaims, expected: Expectations): ClaimsReading {
  const broken = REQUIREMENTS.find(({ of, name, must }) => !must(verified[of][name]));
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
  const named = customer === undefined || customer === null ? { subject } : customersIn(customer);
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

// https://docs.stripe.com/upgrades#what-changes-does-stripe-consider-to-be-backward-compatible
const LONGEST_ID = 255;

/** Stripe says, when the session is created, whether there is such a customer in this mode. */
function customersIn(value: unknown): { customers: string[] } | undefined {
  const isId = typeof value === 'string' && value !== '' && value.length <= LONGEST_ID;
  return isId ? { customers: [value] } : undefined;
}

/**
 * Whether the token was issued to a client that we accept. An OAuth access token (RFC 9068) is
 * for an API, and any app that the user has approved holds one: it needs a configured audience
 * and a client on the list.
 */
function isForUs({ header, claims }: VerifiedClaims, expected: Expectations): boolean {
  const { azp, client_id: clientId } = claims;
  const isListed = (party: unknown) =>
    typeof party === 'string' && (expected.authorizedParties?.includes(party) ?? false);
  if (expected.authorizedParties && azp !== undefined && !isListed(azp)) return false;
  const isAccessToken =
    clientId !== undefined ||
    (typeof header['typ'] === 'string' && typeName(header['typ']) === 'at+jwt');
  const parties = [clientId, azp].filter((party) => party !== undefined);
  const areListed = parties.length > 0 && parties.every(isListed);
  return !isAccessToken || (expected.hasAudience && areListed);
}

/** Django and Rails number their users. Other types than text and safe integers are refused. */
function subjectIn(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
