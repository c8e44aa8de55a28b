import type { SiteSession } from '../../config/site-session.ts';
import { BillingError } from '../../errors/billing-error.ts';
import { ask, readSession } from '../../identity/site-answer.ts';
import { failure, ok, skipped, warning, type Finding } from './finding.ts';
import { authOf } from './session-cookies.ts';
import type { Subject } from './subject.ts';

const MADE_UP = 'made-up-by-doctor';

/**
 * Asks the site's session endpoint about a cookie that is made up, as the Worker would. Nothing, if
 * the Worker asks no site.
 */
export async function examineSessionEndpoint(subject: Subject): Promise<Finding[]> {
  const site = authOf(subject)?.site;
  if (!site) return [];
  if (subject.target.services.includes('SITE')) {
    return [
      skipped(
        'session_endpoint',
        'The Worker asks by its binding SITE, which leads past the network.',
      ),
    ];
  }
  const cookie = site.cookies.map((name) => `${name.replace('*', 'doctor')}=${MADE_UP}`).join('; ');
  try {
    const response = await ask(site.url, cookie, fetch);
    const elsewhere = redirection(response, site.url);
    if (elsewhere) return [elsewhere];
    const claims = await readSession(response, site.claims);
    return [claims ? namesSomebody(site) : judgeCaching(response, site)];
  } catch (error) {
    if (!(error instanceof BillingError)) throw error;
    return [
      failure(
        'session_endpoint',
        `${error.message.replace(/\.$/, '')} (${addressOf(site.url)}).`,
        'It should answer JSON: null for somebody who is not signed in, and never an error. src/identity/SESSIONS.md has an endpoint for your framework.',
      ),
    ];
  }
}

function namesSomebody({ url }: SiteSession): Finding {
  return failure(
    'session_endpoint',
    `${addressOf(url)} names somebody for a cookie that nobody has: everybody would get this account.`,
    'Let it answer by the session of the request alone. See that nothing between caches its answers.',
  );
}

/**
 * A redirect means "sign in first". One to another host, or to the same path spelt otherwise, is
 * meant for everybody: then the Worker never recognises anybody.
 */
function redirection({ status, headers }: Response, url: URL): Finding | undefined {
  const location = headers.get('location');
  if (status < 300 || status >= 400 || location === null) return undefined;
  const target = URL.parse(location, url);
  const isSamePath = target && bare(target.pathname) === bare(url.pathname);
  if (!target || (target.host === url.host && !isSamePath)) return undefined;
  const to = addressOf(target);
  if (isSamePath) {
    return failure(
      'session_endpoint',
      `${addressOf(url)} redirects to ${to}: the Worker follows no redirect, and recognises nobody.`,
      `Set SESSION_URL to ${to}${target.host === url.host ? '' : ', and name its host in SESSION_HOST'}.`,
    );
  }
  return warning(
    'session_endpoint',
    `${addressOf(url)} redirects to ${target.host}, which counts as “nobody is signed in”.`,
    'See that people who are signed in are not redirected, too. Best, let it answer null.',
  );
}

const bare = (path: string) => path.replace(/\/$/, '');

/** Without the query, which may hold what others should not read. */
const addressOf = ({ origin, pathname }: URL) => `${origin}${pathname}`;

function judgeCaching({ status, headers }: Response, { url }: SiteSession): Finding {
  const found = `${addressOf(url)} answers ${status}: nobody, to a cookie that is made up.`;
  const caching = headers.get('cache-control');
  if (status !== 200 || /no-store|private|no-cache/i.test(caching ?? '')) {
    return ok('session_endpoint', found);
  }
  return warning(
    'session_endpoint',
    `${found} But a cache may keep it: Cache-Control is ${caching ?? 'missing'}.`,
    'Answer with Cache-Control: private, no-store.',
  );
}
