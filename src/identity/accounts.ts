import { valueAt } from './claim-path.ts';
import type { Account } from './principal.ts';
import type { Expectations } from './requirements.ts';

// Claims that name the person who signs in. Beside one, every other claim names organisations.
const OF_A_PERSON = new Set(['sub', 'oid', 'email']);
// A claim, or a path in the site's answer: org_id, o.id, session.activeOrganizationId, /team.
const OF_AN_ORGANISATION =
  /(?:^|[./:_-])(?:o(?=[./:_-]|$)|(?:active)?(?:org|organi[sz]ation|team|tenant|workspace|company)s?(?=[./:_-]|$|Id))/i;

/** Whether this claim, beside others, names the person. */
export const isOfPerson = (claim: string): boolean => OF_A_PERSON.has(claim);

/** Whether this claim, as the only one, names an organisation. The host of a namespace does not. */
export const isOfOrganisation = (claim: string): boolean =>
  OF_AN_ORGANISATION.test(claim.replace(/^https?:\/\/[^/]+/, ''));

// More organisations than anyone pays for, and as many as can be looked for in one visit.
const MOST_ORGANISATIONS = 10;

type Subjects = Pick<Expectations, 'subjects' | 'isOfOrganisation' | 'roles'>;

/**
 * Everyone that the claims say may be billed, the person themselves first; empty if there is
 * nobody. Where one claim is configured, roles count for its subject, whatever it is. Where
 * several are, a person needs no role for themselves.
 */
export function accountsIn(claims: object, expected: Subjects): Account[] {
  const { subjects, roles } = expected;
  const [only, ...more] = subjects;
  const held = roles && rolesIn(valueAt(claims, roles.claim), roles.known);
  if (more.length === 0) {
    const subject = subjectIn(valueAt(claims, only));
    return subject === undefined ? [] : [asAccount(subject, held, expected.isOfOrganisation)];
  }
  const named = (wantsPerson: boolean) => {
    const names = subjects.filter((claim) => isOfPerson(claim) === wantsPerson);
    return new Set(
      names.flatMap((claim) => valueAt(claims, claim)).filter((each) => !isNothing(each)),
    );
  };
  const organisations = named(false);
  // The claim does not say which of several organisations it was issued for.
  const counted = organisations.size === 1 ? held : held && [];
  const [person] = tellable(named(true));
  return [
    ...(person === undefined ? [] : [{ subject: person }]),
    ...tellable(organisations)
      .filter((subject) => subject !== person)
      .slice(0, MOST_ORGANISATIONS)
      .map((subject) => asAccount(subject, counted, true)),
  ];
}

const isNothing = (value: unknown) => value === undefined || value === null || value === '';

const asAccount = (
  subject: string,
  roles: string[] | undefined,
  isOrganisation: boolean,
): Account => ({
  subject,
  ...(roles && { roles }),
  ...(isOrganisation && { isOrganisation: true as const }),
});

/** Person 5 and organisation 5 would be one customer, so a number alone names neither. */
const tellable = (values: Set<unknown>): string[] =>
  [...values]
    .map(subjectIn)
    .filter((subject): subject is string => subject !== undefined && !/^\d+$/.test(subject));

/** Django and Rails number their users. Other types than text and safe integers are refused. */
function subjectIn(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Of a list, or of text: Better Auth separates several roles by commas. Only those that settings
 * name are kept.
 * https://better-auth.com/docs/plugins/organization
 */
function rolesIn(value: unknown, known: string[]): string[] {
  const texts = [value].flat().filter((each) => typeof each === 'string');
  const roles = new Set(texts.flatMap((each) => each.split(',')).map((each) => each.trim()));
  return known.filter((role) => roles.has(role));
}
