import { isLoopback } from './secure-url.ts';

/** Where a provider is: its host, and its tenant, realm, pool or application there. */
type Where = { origin: string; tenant: string };

/** What a preset stands for. Each can be set by itself, and then counts. */
export type Preset = {
  /** `iss`, exactly as the tokens carry it. */
  issuer: string;
  /** `aud` of session tokens. */
  audience?: string;
  /** The key set, where the issuer's discovery document does not name it. */
  jwks?: string;
  /** The cookie on the site's own domain that holds a session token. */
  cookie?: string;
  /** What is in that cookie, if it is not the token. */
  cookieFormat?: 'supabase';
  /** The claim that names a person, if it is not `sub`. */
  subject?: string;
  scopes?: string;
};

type Row = {
  /** The settings that say where it is. */
  needs: ('AUTH_DOMAIN' | 'AUTH_TENANT')[];
  /** It publishes keys, and signs nobody in by OpenID Connect. */
  isNoProvider?: true;
  at: (where: Where) => Preset;
};

/** What is known about identity providers. A new one is a row. */
export const PRESETS = {
  auth0: { needs: ['AUTH_DOMAIN'], at: ({ origin }) => ({ issuer: `${origin}/` }) },
  authentik: {
    needs: ['AUTH_DOMAIN', 'AUTH_TENANT'],
    at: ({ origin, tenant }) => ({ issuer: `${origin}/application/o/${tenant}/` }),
  },
  clerk: {
    needs: ['AUTH_DOMAIN'],
    at: ({ origin }) => ({ issuer: origin, cookie: '__session' }),
  },
  // The region is the first part of the pool's id: eu-west-1_AbCdEf.
  cognito: {
    needs: ['AUTH_TENANT'],
    at: ({ tenant }) => ({
      issuer: `https://cognito-idp.${tenant.replace(/_.*/, '')}.amazonaws.com/${tenant}`,
    }),
  },
  // `sub` is another for each application, and `oid` comes with the scope `profile`.
  entra: {
    needs: ['AUTH_TENANT'],
    at: ({ tenant }) => ({
      issuer: `https://login.microsoftonline.com/${tenant}/v2.0`,
      subject: 'oid',
      scopes: 'openid profile email',
    }),
  },
  // Session cookies, which a site makes of ID tokens:
  // https://firebase.google.com/docs/auth/admin/manage-cookies
  firebase: {
    needs: ['AUTH_TENANT'],
    isNoProvider: true,
    at: ({ tenant }) => ({
      issuer: `https://session.firebase.google.com/${tenant}`,
      audience: tenant,
      jwks: 'https://identitytoolkit.googleapis.com/v1/sessionCookiePublicKeys',
      cookie: 'session',
    }),
  },
  google: { needs: [], at: () => ({ issuer: 'https://accounts.google.com' }) },
  keycloak: {
    needs: ['AUTH_DOMAIN', 'AUTH_TENANT'],
    at: ({ origin, tenant }) => ({ issuer: `${origin}/realms/${tenant}` }),
  },
  logto: { needs: ['AUTH_DOMAIN'], at: ({ origin }) => ({ issuer: `${origin}/oidc` }) },
  // Without a tenant it is the organisation's own authorization server.
  okta: {
    needs: ['AUTH_DOMAIN'],
    at: ({ origin, tenant }) => ({
      issuer: tenant === '' ? origin : `${origin}/oauth2/${tenant}`,
    }),
  },
  // Its client names the cookie after the first part of the project's host.
  supabase: {
    needs: ['AUTH_DOMAIN'],
    at: ({ origin }) => ({
      issuer: `${origin}/auth/v1`,
      audience: 'authenticated',
      jwks: `${origin}/auth/v1/.well-known/jwks.json`,
      cookie: `sb-${new URL(origin).hostname.split('.')[0]}-auth-token`,
      cookieFormat: 'supabase',
    }),
  },
  workos: { needs: ['AUTH_DOMAIN'], at: ({ origin }) => ({ issuer: origin }) },
  zitadel: { needs: ['AUTH_DOMAIN'], at: ({ origin }) => ({ issuer: origin }) },
} satisfies Record<string, Row>;

export type ProviderName = keyof typeof PRESETS;

export const isProviderName = (name: unknown): name is ProviderName =>
  typeof name === 'string' && Object.hasOwn(PRESETS, name);

/** The settings that a preset stands for; undefined without one. */
export function presetOf({
  AUTH_PROVIDER: name,
  AUTH_DOMAIN: domain = '',
  AUTH_TENANT: tenant = '',
}: {
  AUTH_PROVIDER?: ProviderName | undefined;
  AUTH_DOMAIN?: string | undefined;
  AUTH_TENANT?: string | undefined;
}): Preset | undefined {
  if (name === undefined) return undefined;
  const { at }: Row = PRESETS[name];
  const scheme = isLoopback(domain.replace(/:\d+$/, '')) ? 'http' : 'https';
  return at({ origin: `${scheme}://${domain}`, tenant });
}
