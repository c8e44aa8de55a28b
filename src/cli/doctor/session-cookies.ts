import { cookiesOf } from '../cookie-way.ts';
import { configOf } from '../settings.ts';
import { warning, ok, type Finding } from './finding.ts';
import { isAboutKeys, isWithoutAccounts } from './identity.ts';
import type { Subject } from './subject.ts';

/** How visitors are recognised, with the name of the cookie. Undefined while settings are wrong. */
export const authOf = (subject: Pick<Subject, 'target' | 'stored'>) =>
  configOf(subject, (key) => isAboutKeys(key) || key === 'AUTH_COOKIE')?.auth;

/** All session cookies that are read or forwarded, also while other settings are wrong. */
export function sessionCookies(subject: Subject): string[] {
  const auth = authOf(subject) ?? cookieAlone(subject);
  return auth ? cookiesOf(auth) : [];
}

const cookieAlone = (subject: Subject) => configOf(subject, (key) => key === 'AUTH_COOKIE')?.auth;

export function examineCookie(subject: Subject): Finding {
  const names = sessionCookies(subject);
  if (names.length > 0) return ok('identity_cookie', names.join(', '));
  if (subject.target.variables['AUTH_CLIENT_ID']) {
    return ok('identity_cookie', 'None is needed: people sign in here.');
  }
  if (subject.target.isMount && cookieAlone(subject)) {
    return ok('identity_cookie', 'None is needed: the app says who a visitor is.');
  }
  if (isWithoutAccounts(subject)) {
    return ok('identity_cookie', 'None is needed for signed links.');
  }
  return warning(
    'identity_cookie',
    cookieAlone(subject)
      ? 'AUTH_COOKIE is not set: only apps that send a bearer token are recognised.'
      : 'AUTH_COOKIE is no name that a cookie can have.',
    'Set AUTH_COOKIE to the name of the cookie that holds your site’s session token; or let the Worker ask your site (SESSION_PRESET).',
  );
}
