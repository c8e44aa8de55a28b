import type { Portal } from '../../portal/portals.ts';
import type { Problem } from './combined.ts';

type Environment = Readonly<NodeJS.Dict<string>>;

/** Whether people can have the roles of these rules, and get no more than they may. */
export function examineRoles(ruled: readonly Portal[], env: Environment): Problem[] {
  return [...unknownRoles(ruled, env), ...generousRules(ruled, billingRoles(env))];
}

/** The roles that may bill; none: everybody may. */
export const billingRoles = ({ AUTH_BILLING_ROLES }: Environment): string[] =>
  (AUTH_BILLING_ROLES ?? '')
    .split(',')
    .map((role) => role.trim())
    .filter((role) => role !== '');

/** The roles that rules of a portal name. */
export const rolesOf = ({ rules }: Portal) => [
  ...new Set(rules.flatMap(({ roles = [] }) => roles)),
];

function unknownRoles(ruled: readonly Portal[], env: Environment): Problem[] {
  if (env['AUTH_ROLE_CLAIM'] || env['SESSION_PRESET'] || env['SESSION_URL']) return [];
  const may = billingRoles(env);
  return ruled.flatMap((portal) => {
    const roles = rolesOf(portal).filter((role) => !may.includes(role));
    if (roles.length === 0) return [];
    return [
      {
        outcome: 'warning',
        found: `Rules of ${portal.name} are for ${roles.join(', ')}, and no setting says where roles stand.`,
        next: 'Set AUTH_ROLE_CLAIM to the claim that holds them, or remove the roles from the rules.',
      },
    ];
  });
}

const HARMLESS = 'invoice_history';

/** A portal is all that keeps people from changing something who may not bill, and get one. */
function generousRules(ruled: readonly Portal[], may: readonly string[]): Problem[] {
  if (may.length === 0) return [];
  return ruled.flatMap((portal) => {
    const others = rolesOf(portal).filter((role) => !may.includes(role));
    const abilities = portal.features?.filter((name) => name !== HARMLESS) ?? [];
    if (others.length === 0 || abilities.length === 0) return [];
    return [
      {
        outcome: 'warning',
        found: `${portal.name} is for ${others.join(', ')}, who may not bill, and lets them change something: ${abilities.join(', ')}.`,
        next: `Leave only ${HARMLESS} on in ${portal.name}, or add the role to AUTH_BILLING_ROLES.`,
      },
    ];
  });
}
