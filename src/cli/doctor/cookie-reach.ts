import { isLoopback } from '../../config/secure-url.ts';
import { configOf } from '../settings.ts';
import { wayOfCookies } from '../cookie-way.ts';
import { failure, ok, skipped, warning, type Finding } from './finding.ts';
import { authOf, sessionCookies } from './session-cookies.ts';
import { originOf, type Subject } from './subject.ts';

/**
 * Whether the site's cookie can reach the Worker. It is taken to be set on the host that is asked
 * who a visitor is, or else on that of the sign-in page.
 */
export function examineCookieReach(subject: Subject): Finding {
  const names = sessionCookies(subject);
  if (names.length === 0) return ok('cookie_reach', 'No cookie of the site’s is read.');
  const auth = authOf(subject);
  const asked = auth?.site?.url;
  if (auth?.oidc && !asked) return ok('cookie_reach', 'None has to arrive: people sign in here.');
  const ours = URL.parse(originOf(subject) ?? '')?.hostname;
  if (ours === undefined) return skipped('cookie_reach', 'PUBLIC_ORIGIN (or --url) comes first.');
  const signIn = configOf(subject, (key) => key === 'SIGN_IN_URL')?.signInUrl;
  const theirs = (asked ?? URL.parse(signIn ?? '', `https://${ours}`))?.hostname;
  if (signIn === undefined && !asked) {
    return skipped(
      'cookie_reach',
      'SIGN_IN_URL comes first: it says on which host people sign in.',
    );
  }
  if (theirs === undefined) return ok('cookie_reach', `${ours} is the site’s own.`);
  if (isLoopback(ours) && !isLoopback(theirs)) {
    return ok('cookie_reach', 'The Worker is on this machine, and the site is not.');
  }
  return judge(names, theirs, ours);
}

function judge(names: string[], theirs: string, ours: string): Finding {
  const list = names.join(', ');
  const ways = `put the Worker on routes of the site’s host (${theirs}/billing* and ${theirs}/api/stripe/*), let it sign people in (AUTH_CLIENT_ID), or use signed links.`;
  const way = wayOfCookies(names, theirs, ours);
  switch (way.kind) {
    case 'arrives':
      return ok('cookie_reach', `${ours} is the site’s own.`);
    case 'host_only':
      return failure(
        'cookie_reach',
        `${list} never leaves the host that sets it, which seems to be ${theirs}; the Worker is on ${ours}.`,
        `There are three ways out: ${ways}`,
      );
    case 'other_domain':
      return warning(
        'cookie_reach',
        `${list} seems to be set on ${theirs}, which seems to share no domain with ${ours}: then it never arrives.`,
        'Let the Worker sign people in (AUTH_CLIENT_ID), or use signed links. If only the sign-in page is on that host, see on which host the cookie is set.',
      );
    case 'needs_domain':
      return warning(
        'cookie_reach',
        `${list} seems to be set on ${theirs}: it arrives at ${ours} only with Domain=${way.domain}.`,
        `See in the browser’s developer tools that it has this Domain. Or ${ways}`,
      );
    default:
      return way satisfies never;
  }
}
