import { PRESETS, type ProviderName } from '../../../config/providers.ts';
import { SITES, type SiteName } from '../../../config/site-session.ts';
import type { Choice } from '../../prompts.ts';

const OTHERS = {
  issuer: { label: 'Another OpenID provider', hint: 'you know its issuer' },
  key_set: { label: 'A JWT of our own, signed with a key pair', hint: 'you publish the keys' },
  shared_secret: { label: 'A JWT of our own, signed with a secret', hint: 'HS256' },
  links: { label: 'Not at all', hint: 'people come by links in your e-mails' },
} as const;

const PROVIDERS: Record<ProviderName, string> = {
  clerk: 'Clerk',
  auth0: 'Auth0',
  supabase: 'Supabase',
  firebase: 'Firebase',
  okta: 'Okta',
  entra: 'Microsoft Entra ID',
  google: 'Google',
  cognito: 'Amazon Cognito',
  keycloak: 'Keycloak',
  workos: 'WorkOS',
  logto: 'Logto',
  zitadel: 'Zitadel',
  authentik: 'authentik',
};

const FRAMEWORKS: Record<SiteName, string> = {
  'better-auth': 'Better Auth',
  authjs: 'Auth.js (NextAuth)',
  django: 'Django',
  laravel: 'Laravel',
  rails: 'Rails',
  express: 'Express',
  wordpress: 'WordPress',
};

type Other = keyof typeof OTHERS;

/** How people sign in to the site. */
export type Way =
  | { kind: 'provider'; name: ProviderName }
  | { kind: 'site'; name: SiteName }
  | { [Kind in Other]: { kind: Kind } }[Other];

const OTHER_WAYS: { [Kind in Other]: { kind: Kind } } = {
  issuer: { kind: 'issuer' },
  key_set: { kind: 'key_set' },
  shared_secret: { kind: 'shared_secret' },
  links: { kind: 'links' },
};

export type WayName = ProviderName | SiteName | Other;

const isOf = <Names extends object>(names: Names, name: string): name is keyof Names & string =>
  Object.hasOwn(names, name);

export function wayOf(name: WayName): Way {
  if (isOf(PRESETS, name)) return { kind: 'provider', name };
  if (isOf(SITES, name)) return { kind: 'site', name };
  return OTHER_WAYS[name];
}

const choicesIn = <Name extends string>(labels: Record<Name, string>): Choice<Name>[] =>
  Object.entries<string>(labels)
    .filter((entry): entry is [Name, string] => isOf(labels, entry[0]))
    .map(([value, label]) => ({ value, label }));

/** All ways, as they are offered: what is asked for most comes first. */
export const WAYS: readonly Choice<WayName>[] = [
  ...choicesIn(PROVIDERS),
  ...choicesIn(FRAMEWORKS),
  { value: 'issuer', ...OTHERS.issuer },
  { value: 'key_set', ...OTHERS.key_set },
  { value: 'shared_secret', ...OTHERS.shared_secret },
  { value: 'links', ...OTHERS.links },
];

/** A way, as sentences name it. */
export const nameOf = (way: Way): string => {
  if (way.kind === 'provider') return PROVIDERS[way.name];
  return way.kind === 'site' ? FRAMEWORKS[way.name] : 'your provider';
};
