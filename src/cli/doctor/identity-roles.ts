import { environmentOf } from '../settings.ts';
import { ok, warning, type Finding } from './finding.ts';
import { billingRoles } from './portal-roles.ts';
import type { Subject } from './subject.ts';

// Claims that name an organisation, such as org_id, o.id, organizationId or https://example.com/team.
const NAMES_ORGANISATION =
  /(?:^|[./:_-])(?:o(?=[./:_-]|$)|(?:org|organi[sz]ation|team|tenant|workspace|company)s?(?=[./:_-]|$|Id))/i;

/** Whether each member of an organisation can cancel what it pays for. */
export function examineBillingRoles(subject: Subject): Finding {
  const environment = environmentOf(subject);
  const roles = billingRoles(environment);
  if (roles.length > 0) return ok('identity_roles', `${roles.join(', ')} may bill.`);
  const claims = (environment['AUTH_SUBJECT_CLAIM'] ?? '').split(',').map((claim) => claim.trim());
  const organisations = claims.filter((claim) => NAMES_ORGANISATION.test(claim));
  if (organisations.length === 0) return ok('identity_roles', 'Everybody who is signed in.');
  return warning(
    'identity_roles',
    `${organisations.join(', ')} is billed, and AUTH_BILLING_ROLES is empty: each member of an organisation may cancel.`,
    'Set AUTH_ROLE_CLAIM to the claim that holds roles, and AUTH_BILLING_ROLES to those that may bill, such as "owner, admin".',
  );
}
