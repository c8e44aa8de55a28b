import type { SubjectPrincipal } from './principal.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a source of identity has verified: claims, and the header that came with them. */
export type VerifiedClaims = { header: Fields; claims: Fields };

/** Which claims name the principal, in this deployment. */
export type ClaimNames = { subject: string };

export type ClaimsRefusal = 'expiry_missing' | 'subject';

export type ClaimsReading =
  | { kind: 'principal'; principal: SubjectPrincipal }
  | { kind: 'refused'; reason: ClaimsRefusal };

/** A row of the table: what must hold of one field, and the reason to give when it does not. */
type Requirement = {
  of: keyof VerifiedClaims;
  name: string;
  must: (value: unknown) => boolean;
  reason: ClaimsRefusal;
};

/** What must hold of all verified claims, whichever source they come from. */
const REQUIREMENTS: Requirement[] = [
  // 1e400 is valid JSON. It parses to Infinity, and the token would never expire.
  { of: 'claims', name: 'exp', must: Number.isFinite, reason: 'expiry_missing' },
];

/** Turns verified claims into the principal that they name. */
export function toPrincipal(verified: VerifiedClaims, names: ClaimNames): ClaimsReading {
  const broken = REQUIREMENTS.find(({ of, name, must }) => !must(verified[of][name]));
  if (broken) return { kind: 'refused', reason: broken.reason };
  const { claims } = verified;
  const subject = claims[names.subject];
  if (typeof subject !== 'string' || subject === '') return { kind: 'refused', reason: 'subject' };
  const { email, email_verified: emailVerified } = claims;
  return {
    kind: 'principal',
    principal: {
      subject,
      ...(typeof email === 'string' && { email }),
      ...(typeof emailVerified === 'boolean' && { emailVerified }),
    },
  };
}
