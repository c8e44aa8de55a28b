import { CUSTOMER_ID } from '../stripe/ids.ts';
import { valueAt } from './claim-path.ts';
import { accountsIn } from './accounts.ts';
import type { Account, Principal } from './principal.ts';
import {
  brokenRequirement,
  CLERK_SESSION,
  typeName,
  type ClaimsRefusal,
  type Expectations,
  type VerifiedClaims,
} from './requirements.ts';

export type ClaimsReading =
  | { kind: 'principal'; principal: Principal }
  | { kind: 'refused'; reason: ClaimsRefusal };

/** Turns verified claims into the principal that they name. */
export function toPrincipal(verified: VerifiedClaims, expected: Expectations): ClaimsReading {
  const broken = brokenRequirement(verified, expected);
  if (broken) return { kind: 'refused', reason: broken };
  const { claims } = verified;
  // RFC 7519 §4.1.3: `aud` names who may accept a token. An ID token, too, names its client there.
  if (claims['aud'] !== undefined && !expected.hasAudience) {
    return { kind: 'refused', reason: 'audience' };
  }
  if (!isForUs(verified, expected)) return { kind: 'refused', reason: 'authorized_party' };
  const [account, ...others] = accountsIn(claims, expected);
  if (!account) return { kind: 'refused', reason: 'subject' };
  const { email } = claims;
  const emailVerified = isEntra(claims['iss']) ? false : claims['email_verified'];
  const isProven = emailVerified === true || (emailVerified === undefined && !expected.isStrict);
  if (expected.subjectIsEmail && !isProven) {
    return { kind: 'refused', reason: 'email_unverified' };
  }
  const customer = expected.customer === undefined ? undefined : valueAt(claims, expected.customer);
  // It does not say whose it is: the person's, or the organisation's that needs a role.
  if (!isNothing(customer) && expected.subjects.length > 1) {
    return { kind: 'refused', reason: 'customer' };
  }
  const named = isNothing(customer)
    ? { ...account, ...(others.length > 0 && { others }) }
    : customersOf(account, customer);
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

// Any tenant's administrator can write any address into its accounts:
// https://learn.microsoft.com/en-us/entra/identity-platform/migrate-off-email-claim-authorization
const ENTRA =
  /^https:\/\/(?:login\.microsoftonline\.(?:com|us)|login\.partner\.microsoftonline\.cn|sts\.windows\.net|[\w-]+\.ciamlogin\.com|[\w-]+\.b2clogin\.com)\//;
const isEntra = (issuer: unknown) => typeof issuer === 'string' && ENTRA.test(issuer);

const isNothing = (value: unknown) => value === undefined || value === null || value === '';

/** Stripe says, when the session is created, whether there is such a customer in this mode. */
function customersOf({ subject: owner, roles }: Account, id: unknown) {
  return typeof id === 'string' && CUSTOMER_ID.test(id)
    ? { customers: [id], owner, ...(roles && { roles }) }
    : undefined;
}

// The client that a token was issued to: OpenID Connect and RFC 9068, then Okta, then Entra ID.
const PARTIES = ['azp', 'client_id', 'cid', 'appid'];

/** Any app that the user has approved holds an access token: its client must be on the list. */
function isForUs(verified: VerifiedClaims, expected: Expectations): boolean {
  const { azp } = verified.claims;
  const isListed = (party: unknown) =>
    typeof party === 'string' && (expected.authorizedParties?.includes(party) ?? false);
  if (expected.authorizedParties && azp !== undefined && !isListed(azp)) return false;
  const parties = PARTIES.map((name) => verified.claims[name]).filter((each) => each !== undefined);
  const areListed = parties.length > 0 && parties.every(isListed);
  return !isAccessToken(verified) || (expected.hasAudience && areListed);
}

/** By RFC 9068, by a client that is named, or by an `azp` that is none of its own audiences. */
function isAccessToken({ header, claims }: VerifiedClaims): boolean {
  const { typ, cat } = header;
  if (typeof typ === 'string' && typeName(typ) === 'at+jwt') return true;
  if (PARTIES.some((name) => name !== 'azp' && claims[name] !== undefined)) return true;
  const { azp, aud } = claims;
  return (
    azp !== undefined && aud !== undefined && cat !== CLERK_SESSION && ![aud].flat().includes(azp)
  );
}
