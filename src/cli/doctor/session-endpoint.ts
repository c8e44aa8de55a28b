import { page } from '../../commands.ts';
import type { SiteSession } from '../../config/site-session.ts';
import { addressOf, probeSite, type SiteProbe } from '../site-probe.ts';
import { failure, ok, skipped, warning, type Finding } from './finding.ts';
import { authOf } from './session-cookies.ts';
import type { Subject } from './subject.ts';

/** Asks the site's session endpoint. Nothing, if the Worker asks no site. */
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
  return [judge(await probeSite(site), site)];
}

function judge(probe: SiteProbe, site: SiteSession): Finding {
  switch (probe.kind) {
    case 'nobody':
      return judgeCaching(probe, site);
    case 'somebody':
      return failure(
        'session_endpoint',
        `${addressOf(site.url)} names somebody for a cookie that nobody has: everybody would get this account.`,
        'Let it answer by the session of the request alone. See that nothing between caches its answers.',
      );
    case 'moved':
      return judgeRedirect(probe, site);
    case 'broken':
      return failure(
        'session_endpoint',
        `${probe.reason} (${addressOf(site.url)}).`,
        `It should answer JSON: null for somebody who is not signed in, and never an error. ${page('src/identity/SESSIONS.md')} has an endpoint for your framework.`,
      );
    default:
      return probe satisfies never;
  }
}

function judgeRedirect(
  { to: target, isSamePath }: Extract<SiteProbe, { kind: 'moved' }>,
  { url }: SiteSession,
): Finding {
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

function judgeCaching(
  { status, caching }: Extract<SiteProbe, { kind: 'nobody' }>,
  { url }: SiteSession,
): Finding {
  const found = `${addressOf(url)} answers ${status}: nobody, to a cookie that is made up.`;
  if (status !== 200 || /no-store|private|no-cache/i.test(caching ?? '')) {
    return ok('session_endpoint', found);
  }
  return warning(
    'session_endpoint',
    `${found} But a cache may keep it: Cache-Control is ${caching ?? 'missing'}.`,
    'Answer with Cache-Control: private, no-store.',
  );
}
