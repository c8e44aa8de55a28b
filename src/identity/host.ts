import * as v from 'valibot';
import { BillingError } from '../errors/billing-error.ts';
import { toPrincipal } from './claims.ts';
import type { Principal } from './principal.ts';
import type { ClaimsRefusal, Expectations } from './requirements.ts';
import { LONGEST, subjectLike } from './subject.ts';

export type HostAnswer =
  | { kind: 'recognised'; principal: Principal }
  | { kind: 'anonymous' }
  | { kind: 'refused'; reason: ClaimsRefusal };

const text = (must: string) => v.nullish(v.pipe(v.string(must), v.maxLength(LONGEST, must)));

const needsSubject = `must be text of 1 to ${LONGEST} characters: the id that your site bills by.`;
const needsRole = 'must be text, or a list of texts.';

/** What the app around us may say of a person: its own session's word. */
const Identity = v.strictObject(
  {
    subject: subjectLike(needsSubject),
    email: text('must be text, or null.'),
    emailVerified: v.nullish(v.boolean('must be true or false, or null.')),
    role: v.nullish(v.union([v.string(needsRole), v.array(v.string(needsRole))], needsRole)),
    organisation: v.nullish(subjectLike(`must be text of 1 to ${LONGEST} characters, or null.`)),
    customer: text('must be a customer id, such as cus_123, or null.'),
    impersonatedBy: v.nullish(v.unknown()),
  },
  (issue) =>
    issue.expected === 'never'
      ? 'is no field of an identity.'
      : issue.expected === 'Object'
        ? 'must be an object, or undefined where nobody is signed in.'
        : needsSubject,
);

/**
 * Who the app around us says that a visitor is.
 *
 * - `subject`: the id that your site bills them by.
 * - `role`: one or several. Needed where AUTH_BILLING_ROLES names those that may bill.
 * - `organisation`: the one that they act for, or null where they act for themselves. It is billed
 *   beside the person, and the role counts for it. Without this field, the role counts for the subject.
 * - `customer`: their Stripe customer, if your site keeps its id.
 * - `impersonatedBy`: who acts in their place, if anybody does. Such a session opens no billing.
 */
export type Identity = v.InferInput<typeof Identity>;

/**
 * Reads the host's word by the rules that hold for claims of every source.
 *
 * @param given  what the host's function has returned: the host may be JavaScript
 * @throws BillingError `identity_invalid`
 */
export function readIdentity(given: unknown, expected: Expectations, now: Date): HostAnswer {
  if (given === undefined || given === null) return { kind: 'anonymous' };
  const result = checked(given);
  if (!result.success) {
    const problems = result.issues.map(
      (issue) => `${v.getDotPath(issue) ?? 'the identity'} ${issue.message}`,
    );
    throw unusable([...new Set(problems)].join(' '));
  }
  const { subject, email, emailVerified, role, organisation, customer, impersonatedBy } =
    result.output;
  const claims = withoutNothing({
    sub: subject,
    org_id: organisation,
    role,
    email,
    email_verified: emailVerified,
    customer,
    act: impersonatedBy,
    // The host has looked at its session at this moment.
    exp: Math.floor(now.getTime() / 1000) + 1,
  });
  const hasOrganisations = 'organisation' in result.output;
  const reading = toPrincipal(
    { header: {}, claims },
    {
      ...expected,
      subjects: hasOrganisations ? ['org_id', 'sub'] : ['sub'],
      isOfOrganisation: false,
      roles: expected.roles && { ...expected.roles, claim: 'role' },
      subjectIsEmail: isAddressOf(subject, email),
      isStrict: true,
      customer: 'customer' in claims ? 'customer' : undefined,
    },
  );
  if (reading.kind === 'principal') return { kind: 'recognised', principal: reading.principal };
  const mistake = MISTAKES[reading.reason];
  if (mistake !== undefined) throw unusable(mistake);
  return { kind: 'refused', reason: reading.reason };
}

/** Fields of a host's own classes can be getters. */
function checked(given: unknown) {
  try {
    return v.safeParse(Identity, given);
  } catch {
    throw unusable('reading its fields has thrown an error.');
  }
}

/** Without an address to compare it with, a subject that looks like one is one. */
const isAddressOf = (subject: string, email: string | null | undefined) =>
  email ? subject.toLowerCase() === email.toLowerCase() : /^[^\s@]+@[^\s@]+$/.test(subject);

/** Refusals that only the host's code can cause, and mend. */
const MISTAKES: { [Reason in ClaimsRefusal]?: string } = {
  subject:
    'subject must not be a number alone beside an organisation: person 5 and organisation 5 would be one customer. Write such as user_5.',
  customer:
    'customer must be a customer id, such as cus_123, and must not stand beside an organisation.',
};

function withoutNothing(claims: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(claims).filter(([, value]) => value !== undefined && value !== null),
  );
}

/** The reason names fields and never what is in them. */
const unusable = (reason: string) =>
  new BillingError('identity_invalid', `identify returned what cannot be used: ${reason}`);
