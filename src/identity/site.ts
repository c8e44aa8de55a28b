import type { SiteSession } from '../config/site-session.ts';
import { toPrincipal } from './claims.ts';
import { isOfOrganisation } from './accounts.ts';
import type { Principal } from './principal.ts';
import type { ClaimsRefusal, Expectations } from './requirements.ts';
import { forwardedCookies } from './cookies/forwarded.ts';
import { createRecall } from './recall.ts';
import { ask, readSession, unusable } from './site-answer.ts';

export type SiteAnswer =
  | { kind: 'recognised'; principal: Principal }
  /** `status` where it was not 200. */
  | { kind: 'anonymous'; status?: number }
  | { kind: 'refused'; reason: ClaimsRefusal };

/**
 * Asks the site who these cookies are of, or remembers it for ten seconds.
 *
 * @param beforeAsking  counts the question; what it throws is thrown on
 * @throws BillingError `site_session_unavailable`
 */
export type AskSite = (
  cookies: string | undefined,
  now: Date,
  beforeAsking: () => Promise<void>,
) => Promise<SiteAnswer>;

// As long as a session that has ended may count. Enough for a redirect and the page after it.
const REMEMBERED_SECONDS = 10;

// A subject or customer of the wrong type is a mistake of the endpoint.
const UNREADABLE = new Set<ClaimsRefusal>(['subject', 'customer']);

/**
 * The source for sites whose sessions only they can read.
 *
 * @param fetcher  the network, or a service binding to the site's Worker
 */
export function createSite(
  { url, cookies: names, claims: paths }: SiteSession,
  expected: Expectations,
  fetcher: typeof fetch,
): AskSite {
  const recall = createRecall<Principal>(REMEMBERED_SECONDS);
  // The paths put each claim where the table looks for it, whatever the site calls it.
  const expectations: Expectations = {
    ...expected,
    subjects: paths['org_id'] === undefined ? ['sub'] : ['org_id', 'sub'],
    isOfOrganisation: isOfOrganisation(paths['sub'] ?? ''),
    roles: expected.roles && { ...expected.roles, claim: 'role' },
    subjectIsEmail: paths['sub'] === paths['email'],
    isStrict: true,
    customer: paths['customer'] === undefined ? undefined : 'customer',
  };

  return async function askSite(header, now, beforeAsking) {
    const cookies = forwardedCookies(names, header ?? '');
    if (cookies === '') return { kind: 'anonymous' };
    const known = await recall.get(cookies, now);
    if (known) return { kind: 'recognised', principal: known };
    await beforeAsking();
    const response = await ask(url, cookies, fetcher);
    const claims = await readSession(response, paths);
    if (!claims) {
      return response.status === 200
        ? { kind: 'anonymous' }
        : { kind: 'anonymous', status: response.status };
    }
    const exp = Math.floor(now.getTime() / 1000) + REMEMBERED_SECONDS;
    const reading = toPrincipal({ header: {}, claims: { ...claims, exp } }, expectations);
    // The site named somebody, in a way that does not count. Beside organisations, a number does not.
    const isMistake = (reason: ClaimsRefusal) =>
      UNREADABLE.has(reason) && expectations.subjects.length === 1;
    if (reading.kind === 'refused' && !isMistake(reading.reason)) return reading;
    if (reading.kind === 'refused') throw unusable(`its ${reading.reason} cannot be used`);
    await recall.put(cookies, reading.principal, now);
    return { kind: 'recognised', principal: reading.principal };
  };
}
