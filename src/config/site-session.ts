import { parseSecureUrl } from './secure-url.ts';

/** Where in the answer of the site's session endpoint each claim stands, as `user.id`. */
export type ClaimPaths = Record<string, string>;

/** How the Worker asks the site who a visitor is. */
export type SiteSession = {
  url: URL;
  /** The cookies to forward. A name can end with `*`. */
  cookies: string[];
  claims: ClaimPaths;
};

type Preset = { path?: string; cookies: string[]; claims?: ClaimPaths };

const secureToo = (...names: string[]) => names.flatMap((name) => [name, `__Secure-${name}`]);

/** What the endpoints of the recipes answer: the claims, by their own names. */
const PLAIN: ClaimPaths = {
  sub: 'sub',
  email: 'email',
  email_verified: 'email_verified',
  customer: 'customer',
  role: 'role',
  act: 'act',
};

/** What is known about frameworks and their sessions. A new one is a row. */
export const SITES = {
  authjs: {
    cookies: secureToo('authjs.session-token', 'authjs.session-token.*'),
  },
  // Without these parameters it would renew the session, or answer from a cookie.
  // https://better-auth.com/docs/concepts/session-management
  'better-auth': {
    path: '/api/auth/get-session?disableRefresh=true&disableCookieCache=true',
    cookies: secureToo('better-auth.session_token'),
    claims: {
      sub: 'user.id',
      email: 'user.email',
      email_verified: 'user.emailVerified',
      // Of its admin plugin: somebody acts for the user.
      act: 'session.impersonatedBy',
    },
  },
  django: { cookies: ['sessionid'] },
  express: { cookies: ['connect.sid'] },
  laravel: { cookies: ['laravel_session', 'laravel-session'] },
  // Rails names the cookie after the application: `_shop_session`.
  rails: { cookies: [] },
  wordpress: { cookies: ['wordpress_logged_in_*'] },
} satisfies Record<string, Preset>;

export type SiteName = keyof typeof SITES;

export const isSiteName = (name: unknown): name is SiteName =>
  typeof name === 'string' && Object.hasOwn(SITES, name);

export type SiteSettings = {
  SESSION_PRESET?: SiteName | undefined;
  SESSION_URL?: string | undefined;
  SESSION_COOKIES?: string[] | undefined;
  SESSION_CLAIMS?: ClaimPaths | undefined;
  PUBLIC_ORIGIN?: string | undefined;
};

/** Undefined unless the site is to be asked, or while a setting is missing. */
export function siteSessionOf(env: SiteSettings): SiteSession | undefined {
  const preset: Preset = env.SESSION_PRESET ? SITES[env.SESSION_PRESET] : { cookies: [] };
  const url = sessionUrl(env);
  const cookies = env.SESSION_COOKIES ?? preset.cookies;
  if (!url || cookies.length === 0) return undefined;
  return { url, cookies, claims: claimsOfSite(env) };
}

/** Where claims stand: the setting, or else what the preset says. */
export function claimsOfSite({ SESSION_CLAIMS: given, SESSION_PRESET: name }: SiteSettings) {
  const preset: Preset = name ? SITES[name] : { cookies: [] };
  return given ?? preset.claims ?? PLAIN;
}

/** The endpoint: the setting, which can be a path on our own origin, or else the preset's path. */
export function sessionUrl(env: SiteSettings): URL | null {
  const preset: Preset = env.SESSION_PRESET ? SITES[env.SESSION_PRESET] : { cookies: [] };
  const address = env.SESSION_URL ?? preset.path;
  if (address === undefined) return null;
  if (!address.startsWith('/')) return parseSecureUrl(address);
  return env.PUBLIC_ORIGIN === undefined ? null : URL.parse(address, env.PUBLIC_ORIGIN);
}
