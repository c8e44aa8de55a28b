import * as v from 'valibot';
import { identityEntries } from '../../config/identity-entries.ts';
import { isOfOrganisation, isOfPerson } from '../../identity/accounts.ts';
import { environmentOf } from '../settings.ts';
import { writtenPortals } from '../portal/written.ts';
import { ok, warning, type Finding } from './finding.ts';
import { billingRoles, rolesOf } from './portal-roles.ts';
import type { Subject } from './subject.ts';

type Environment = Readonly<NodeJS.Dict<string>>;

/** Whether each member of an organisation can cancel what it pays for. */
export function examineBillingRoles(subject: Subject): Finding {
  const environment = environmentOf(subject);
  const roles = billingRoles(environment);
  if (roles.length > 0) return ok('identity_roles', `${roles.join(', ')} may bill.`);
  const tokens = organisationsInTokens(environment);
  const answers = organisationsInAnswers(environment);
  if (tokens.length + answers.length > 0) {
    const source =
      tokens.length > 0
        ? 'Set AUTH_ROLE_CLAIM to the claim that holds roles'
        : 'Name the place of the role in SESSION_CLAIMS, as role=…';
    return warning(
      'identity_roles',
      `${[...tokens, ...answers].join(', ')} is billed, and AUTH_BILLING_ROLES is empty: each member of an organisation may cancel.`,
      `${source}. Set AUTH_BILLING_ROLES to those that may bill, such as "owner, admin".`,
    );
  }
  const { ruled = [] } = writtenPortals(environment) ?? {};
  if (environment['AUTH_ROLE_CLAIM'] && ruled.flatMap(rolesOf).length === 0) {
    return warning(
      'identity_roles',
      'AUTH_ROLE_CLAIM is set, but no setting names a role: everybody who is signed in may bill.',
      'Name the roles that may bill in AUTH_BILLING_ROLES, such as "owner, admin", or empty AUTH_ROLE_CLAIM.',
    );
  }
  return ok('identity_roles', 'Everybody who is signed in.');
}

function organisationsInTokens({ AUTH_SUBJECT_CLAIM }: Environment): string[] {
  const claims = (AUTH_SUBJECT_CLAIM ?? '').split(',').map((claim) => claim.trim());
  return claims.length > 1
    ? claims.filter((claim) => !isOfPerson(claim))
    : claims.filter((claim) => isOfOrganisation(claim));
}

/** In the answers of the site's own endpoint, `org_id` is an organisation wherever it stands. */
function organisationsInAnswers({ SESSION_CLAIMS }: Environment): string[] {
  const paths = v.safeParse(identityEntries.SESSION_CLAIMS(), SESSION_CLAIMS);
  if (!paths.success) return [];
  const { sub, org_id: organisation } = paths.output;
  if (organisation !== undefined) return [organisation];
  return sub !== undefined && isOfOrganisation(sub) ? [sub] : [];
}
