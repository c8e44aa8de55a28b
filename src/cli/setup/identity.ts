import { page } from '../../commands.ts';
import { OperatorProblem } from '../problem.ts';
import { hasSecret, settingsPlace, type Context } from './context.ts';

// With one of these, it is settled who a visitor is.
const SETTLED = [
  'AUTH_JWKS_URL',
  'AUTH_JWT_SECRET',
  'AUTH_CLIENT_ID',
  'AUTH_PROVIDER',
  'AUTHJS_SECRET',
  'SESSION_PRESET',
  'SESSION_URL',
];

/**
 * Whether it is settled who a visitor is. The app of a mount says so itself. Signed links alone are enough if that is meant: the
 * operator says so, or setup has been here before.
 */
export function isIdentitySettled(
  context: Pick<Context, 'target' | 'deployed'>,
  isLinksOnly: boolean,
): boolean {
  const { variables, isMount } = context.target;
  const has = (name: string) => Boolean(variables[name]) || hasSecret(context, name);
  if (isMount || SETTLED.some(has)) return true;
  const isSetUp = Boolean(variables['PORTALS'] || variables['PORTAL_CONFIGURATION']);
  return has('LINK_SECRET') && (isLinksOnly || isSetUp);
}

/** Why a Worker is not set up that would recognise nobody. */
export const unsettled = ({ target }: Pick<Context, 'target'>) =>
  new OperatorProblem(
    `No setting says how people sign in, so the Worker would recognise nobody. Run setup in a terminal without --yes, which asks; or copy a recipe of ${page('src/identity/README.md')} into ${settingsPlace(target)}; or say with --links-only that people come by signed links alone. Nothing was changed.`,
  );
