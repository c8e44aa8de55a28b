import { SECRET_NAMES } from '../variables.ts';
import type { Target } from '../target.ts';
import { examineAddresses } from './addresses.ts';
import { examineCookieReach } from './cookie-reach.ts';
import { examineCounters } from './counters.ts';
import { skipped, type Finding } from './finding.ts';
import { examineAudience, examineKeySettings, examineParties } from './identity.ts';
import { examineBillingRoles } from './identity-roles.ts';
import { examinePlacement } from './placement.ts';
import { examineCookie } from './session-cookies.ts';
import { examineReach } from './reach.ts';
import { examineSettings } from './settings.ts';
import type { Subject } from './subject.ts';

/** Examines what the files say: without keys, and without a request to anybody. */
export function* examineStatic(subject: Subject): Generator<Finding> {
  yield* examineSettings(subject);
  yield examinePlacement(subject);
  yield examineCounters(subject);
  yield* examineAddresses(subject);
  yield examineKeySettings(subject) ?? skipped('identity_keys', 'No request is made.');
  yield examineAudience(subject);
  yield examineParties(subject);
  yield examineBillingRoles(subject);
  yield examineReach(subject);
  yield examineCookie(subject);
  yield examineCookieReach(subject);
}

/** The secrets that the settings imply: whether they are stored, only Cloudflare knows. */
export function impliedSecrets({ requiredSecrets, variables }: Target): Set<string> {
  const { AUTH_CLIENT_ID, EMAIL_FROM, TURNSTILE_SITE_KEY } = variables;
  const known = requiredSecrets.filter((name) => SECRET_NAMES.includes(name));
  return new Set([
    'STRIPE_SECRET_KEY',
    'STRIPE_WEBHOOK_SECRET',
    ...known,
    ...(AUTH_CLIENT_ID || EMAIL_FROM ? ['LINK_SECRET'] : []),
    ...(TURNSTILE_SITE_KEY ? ['TURNSTILE_SECRET_KEY'] : []),
  ]);
}
