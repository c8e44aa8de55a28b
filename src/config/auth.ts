import { isOfOrganisation } from '../identity/accounts.ts';
import type { Expectations } from '../identity/requirements.ts';
import { presetOf, type Preset } from './providers.ts';
import type { Settings } from './entries.ts';
import type { Secrets } from './kinds.ts';
import { siteSessionOf, type SiteSession } from './site-session.ts';

/** How visitors are recognised. */
export type Auth = {
  keys:
    | { kind: 'jwks'; url: URL }
    | { kind: 'secret'; secrets: Secrets }
    /** At the address that the issuer's discovery document names. */
    | { kind: 'discovered' }
    | { kind: 'none' };
  issuer: string | undefined;
  audience: string | undefined;
  cookie: string | undefined;
  cookieFormat: { kind: 'token' | 'supabase' } | { kind: 'authjs'; secrets: Secrets };
  /** What must hold of claims. */
  claims: Expectations;
  /** The Worker signs people in by itself, as a client of the issuer (OpenID Connect). */
  oidc: { clientId: string; clientSecret: string | undefined; scopes: string } | undefined;
  /** The Worker asks the site who a visitor is. */
  site: SiteSession | undefined;
};

/** How visitors are recognised: each setting, or else what the preset stands for. */
export function toAuth(env: Settings): Auth {
  const preset = presetOf(env);
  const audience = env.AUTH_AUDIENCE ?? preset?.audience;
  const subjects = env.AUTH_SUBJECT_CLAIM ?? [preset?.subject ?? 'sub'];
  return {
    keys: toKeys(env, preset),
    issuer: env.AUTH_ISSUER ?? preset?.issuer,
    audience,
    cookie: env.AUTH_COOKIE ?? preset?.cookie,
    cookieFormat: env.AUTHJS_SECRET
      ? { kind: 'authjs', secrets: env.AUTHJS_SECRET }
      : { kind: preset?.cookieFormat ?? 'token' },
    claims: {
      subjects,
      isOfOrganisation: subjects.length === 1 && subjects.some(isOfOrganisation),
      subjectIsEmail: subjects.includes('email'),
      roles: toRoles(env),
      customer: env.AUTH_CUSTOMER_CLAIM,
      hasAudience: audience !== undefined,
      authorizedParties: env.AUTH_AUTHORIZED_PARTIES,
    },
    oidc: toOidc(env, preset),
    site: siteSessionOf(env),
  };
}

/** Of all roles in a claim, only those that settings name are of interest. */
function toRoles({ AUTH_ROLE_CLAIM: claim, AUTH_BILLING_ROLES, PORTALS }: Settings) {
  const inRules = PORTALS?.ruled.flatMap(({ rules }) => rules.flatMap(({ roles = [] }) => roles));
  const known = [...new Set([...(AUTH_BILLING_ROLES ?? []), ...(inRules ?? [])])];
  return known.length === 0 ? undefined : { claim: claim ?? 'role', known };
}

function toKeys(env: Settings, preset: Preset | undefined): Auth['keys'] {
  const jwks = env.AUTH_JWKS_URL ?? (preset?.jwks === undefined ? undefined : new URL(preset.jwks));
  if (jwks) return { kind: 'jwks', url: jwks };
  if (env.AUTH_JWT_SECRET) return { kind: 'secret', secrets: env.AUTH_JWT_SECRET };
  const isDiscovered = env.AUTH_PROVIDER !== undefined || env.AUTH_CLIENT_ID !== undefined;
  return { kind: isDiscovered ? 'discovered' : 'none' };
}

function toOidc(env: Settings, preset: Preset | undefined): Auth['oidc'] {
  const { AUTH_CLIENT_ID: clientId, AUTH_CLIENT_SECRET: clientSecret } = env;
  if (clientId === undefined) return undefined;
  const scopes = env.AUTH_SCOPES ?? preset?.scopes ?? 'openid email';
  return { clientId, clientSecret, scopes };
}
