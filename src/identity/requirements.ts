type Fields = Readonly<Record<string, unknown>>;

/** What a source of identity has verified: claims, and the header that came with them. */
export type VerifiedClaims = { header: Fields; claims: Fields };

/** What a deployment expects of claims. */
export type Expectations = {
  /** The claims that name who is billed: one, or several for a person and their organisations. */
  subjects: [string, ...string[]];
  /** The only subject claim names an organisation. */
  isOfOrganisation: boolean;
  /** The claim that holds roles, and the roles that settings name. Undefined: none matters. */
  roles: { claim: string; known: string[] } | undefined;
  /** The claim that names the Stripe customer, for sites that keep its id themselves. */
  customer: string | undefined;
  /** The source checks `aud` against a configured audience. */
  hasAudience: boolean;
  /** The clients that tokens may be issued to; undefined if none are configured. */
  authorizedParties: string[] | undefined;
  /** The subject is an e-mail address, which must be verified. */
  subjectIsEmail: boolean;
  /**
   * The claims are for us alone: of an ID token for a code of our own, or of the site's answer. They
   * need no mark of a session, and an address needs its mark.
   */
  isStrict?: boolean;
};

export type ClaimsRefusal =
  | 'expiry_missing'
  | 'token_type'
  | 'audience'
  | 'authorized_party'
  | 'subject'
  | 'customer'
  | 'email_unverified';

/** A row of the table: what must hold of one field, and the reason to give when it does not. */
type Requirement = {
  of: keyof VerifiedClaims;
  name: string;
  must: (value: unknown, verified: VerifiedClaims, expected: Expectations) => boolean;
  reason: ClaimsRefusal;
};

const isAbsent = (value: unknown) => value === undefined;
const isNot =
  (...refused: string[]) =>
  (value: unknown) =>
    typeof value !== 'string' || !refused.includes(typeName(value));

/** `application/at+jwt` and `AT+JWT` are `at+jwt` (RFC 7515 §4.1.9). */
export const typeName = (value: string) => value.toLowerCase().replace(/^application\//, '');

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

export const CLERK_SESSION = 'cl_B7d4PD111AAA';
// Some instances give all their tokens this category. Only those of a session name it.
const CLERK_ANY = 'cl_I7d4PD111III';

function isClerkSession(
  category: unknown,
  { claims }: VerifiedClaims,
  { isStrict }: Expectations,
): boolean {
  if (isStrict) return true;
  if (typeof category !== 'string' || !/^cl_/i.test(category)) return true;
  if (category === CLERK_ANY) return typeof claims['sid'] === 'string';
  return category === CLERK_SESSION;
}

/** The reason of the first requirement that these claims do not meet. */
export function brokenRequirement(
  verified: VerifiedClaims,
  expected: Expectations,
): ClaimsRefusal | undefined {
  return REQUIREMENTS.find(({ of, name, must }) => !must(verified[of][name], verified, expected))
    ?.reason;
}
