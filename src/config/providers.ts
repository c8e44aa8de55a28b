import { isLoopback } from './secure-url.ts';

/** Where a provider is: its host, and its tenant, realm, pool or application there. */
type Where = { origin: string; tenant: string };

type Preset = {
  /** The settings that say where it is. */
  needs: ('AUTH_DOMAIN' | 'AUTH_TENANT')[];
  /** `iss`, exactly as its tokens carry it. */
  issuer: (where: Where) => string;
  /** The cookie on the site's own domain that holds a session token. */
  cookie?: string;
  /** The claim that names a person, if it is not `sub`. */
  subject?: string;
  scopes?: string;
};

const atDomain = ['AUTH_DOMAIN'] satisfies Preset['needs'];

/** What is known about identity providers. A new one is a row. */
export const PRESETS = {
  auth0: { needs: atDomain, issuer: ({ origin }) => `${origin}/` },
  authentik: {
    needs: ['AUTH_DOMAIN', 'AUTH_TENANT'],
    issuer: ({ origin, tenant }) => `${origin}/application/o/${tenant}/`,
  },
  clerk: { needs: atDomain, issuer: ({ origin }) => origin, cookie: '__session' },
  // The region is the first part of the pool's id: eu-west-1_AbCdEf.
  cognito: {
    needs: ['AUTH_TENANT'],
    issuer: ({ tenant }) =>
      `https://cognito-idp.${tenant.replace(/_.*/, '')}.amazonaws.com/${tenant}`,
  },
  // `sub` is another for each application, and `oid` comes with the scope `profile`.
  entra: {
    needs: ['AUTH_TENANT'],
    issuer: ({ tenant }) => `https://login.microsoftonline.com/${tenant}/v2.0`,
    subject: 'oid',
    scopes: 'openid profile email',
  },
  google: { needs: [], issuer: () => 'https://accounts.google.com' },
  keycloak: {
    needs: ['AUTH_DOMAIN', 'AUTH_TENANT'],
    issuer: ({ origin, tenant }) => `${origin}/realms/${tenant}`,
  },
  logto: { needs: atDomain, issuer: ({ origin }) => `${origin}/oidc` },
  // Without a tenant it is the organisation's own authorization server.
  okta: {
    needs: atDomain,
    issuer: ({ origin, tenant }) => (tenant === '' ? origin : `${origin}/oauth2/${tenant}`),
  },
  workos: { needs: atDomain, issuer: ({ origin }) => origin },
  zitadel: { needs: atDomain, issuer: ({ origin }) => origin },
} satisfies Record<string, Preset>;

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
}): (Omit<Preset, 'issuer' | 'needs'> & { issuer: string }) | undefined {
  if (name === undefined) return undefined;
  const { needs, issuer, ...others }: Preset = PRESETS[name];
  const scheme = isLoopback(domain.replace(/:\d+$/, '')) ? 'http' : 'https';
  return { ...others, issuer: issuer({ origin: `${scheme}://${domain}`, tenant }) };
}
