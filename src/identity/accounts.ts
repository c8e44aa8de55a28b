import { valueAt } from './claim-path.ts';
import type { Account } from './principal.ts';
import type { Expectations } from './requirements.ts';

// Claims that name the person who signs in. Every other subject claim names an organisation.
const OF_A_PERSON = new Set(['sub', 'oid', 'email']);

// More organisations than anyone pays for. A session that named more would not fit in a cookie.
const MOST_ORGANISATIONS = 20;

/**
 * Everyone that the claims say may be billed, the person themselves first; empty if there is
 * nobody. Where one claim is configured, roles count for its subject, whatever it is. Where
 * several are, a person needs no role for themselves.
 */
export function accountsIn(
  claims: object,
  { subjects, roles }: Pick<Expectations, 'subjects' | 'roles'>,
): Account[] {
  const [only, ...more] = subjects;
  const held = roles && rolesIn(valueAt(claims, roles.claim), roles.known);
  if (more.length === 0) {
    const subject = subjectIn(valueAt(claims, only));
    return subject === undefined ? [] : [held ? { subject, roles: held } : { subject }];
  }
  const named = (isOfPerson: boolean) =>
    subjects
      .filter((claim) => OF_A_PERSON.has(claim) === isOfPerson)
      .flatMap((claim) => valueAt(claims, claim))
      .map(subjectIn)
      .filter((each): each is string => each !== undefined && isTellable(each))
      .slice(0, isOfPerson ? 1 : MOST_ORGANISATIONS);
  const people = named(true);
  const organisations = named(false).filter((each) => !people.includes(each));
  // The claim does not say which of several organisations it was issued for.
  const counted = organisations.length === 1 ? held : held && [];
  const asMember = (subject: string): Account =>
    counted ? { subject, roles: counted } : { subject };
  return [...people.map((subject) => ({ subject })), ...organisations.map(asMember)];
}

/** Person 5 and organisation 5 would be one customer. */
const isTellable = (subject: string): boolean => !/^\d+$/.test(subject);

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
