import { PRESETS, presetOf, type ProviderName } from '../../../config/providers.ts';
import { problemWith, type Asking, type Values } from './answers.ts';
import { tryIssuer, tryKeySet, untilItWorks, type Tried } from './attempt.ts';
import { nameOf } from './ways.ts';

const TENANTS: Partial<Record<ProviderName, string>> = {
  authentik: 'the slug of the application',
  cognito: 'the id of the user pool, such as eu-west-1_AbCdEf123',
  entra: 'the directory (tenant) id',
  firebase: 'the id of the project',
  keycloak: 'the name of the realm',
};

/** Asks where a provider is, and tries it. Undefined if there is nobody to ask. */
export async function askWhere(asking: Asking, name: ProviderName): Promise<Values | undefined> {
  return untilItWorks(
    asking,
    async (before) => askSettings(asking, name, before),
    `Asking ${nameOf({ kind: 'provider', name })}`,
    async (settings) => tryPreset(name, settings),
  );
}

async function askSettings(
  { dialogue }: Asking,
  name: ProviderName,
  before: Values = {},
): Promise<Values | undefined> {
  const settings: Values = { AUTH_PROVIDER: name };
  const title = nameOf({ kind: 'provider', name });
  const needs: readonly string[] = PRESETS[name].needs;
  if (needs.includes('AUTH_DOMAIN')) {
    const domain = await dialogue.ask(
      `On which host is your ${title}? (${exampleOf(name)})`,
      (given) => problemWith('AUTH_DOMAIN', hostIn(given)),
      before['AUTH_DOMAIN'],
    );
    if (domain === undefined) return undefined;
    settings['AUTH_DOMAIN'] = hostIn(domain);
  }
  if (needs.includes('AUTH_TENANT')) {
    const tenant = await dialogue.ask(
      `${title}: ${TENANTS[name] ?? 'the tenant'}`,
      (given) => problemWith('AUTH_TENANT', given, { ...settings }),
      before['AUTH_TENANT'],
    );
    if (tenant === undefined) return undefined;
    settings['AUTH_TENANT'] = tenant;
  }
  return settings;
}

const DOMAINS: Partial<Record<ProviderName, string>> = {
  auth0: 'example.eu.auth0.com',
  clerk: 'that of its Frontend API: clerk.example.com',
  logto: 'example.logto.app',
  okta: 'example.okta.com',
  supabase: 'abcdefgh.supabase.co',
  workos: 'example.authkit.app',
  zitadel: 'example.zitadel.cloud',
};

const exampleOf = (name: ProviderName) => DOMAINS[name] ?? 'id.example.com';

/** People paste addresses. */
const hostIn = (given: string) =>
  /^https?:\/\//.test(given.trim()) ? (URL.parse(given.trim())?.host ?? given) : given.trim();

async function tryPreset(name: ProviderName, { AUTH_DOMAIN, AUTH_TENANT }: Values): Promise<Tried> {
  const preset = presetOf({ AUTH_PROVIDER: name, AUTH_DOMAIN, AUTH_TENANT });
  if (preset?.jwks !== undefined) return tryKeySet(new URL(preset.jwks));
  return tryIssuer(preset?.issuer ?? '');
}

/** Asks for the issuer of another OpenID provider; its discovery document corrects it. */
export async function askIssuer(asking: Asking): Promise<Values | undefined> {
  const { dialogue } = asking;
  const issuer = await untilItWorks<string>(
    asking,
    async (before) => {
      const given = await dialogue.ask(
        'What is the issuer of your provider, or the address of its discovery document?',
        (answer) => problemWith('AUTH_ISSUER', answer, { AUTH_CLIENT_ID: 'unknown' }),
        before,
      );
      return given === undefined ? undefined : issuerIn(given);
    },
    'Asking the provider',
    tryIssuer,
  );
  return issuer === undefined ? undefined : { AUTH_ISSUER: issuer };
}

const DISCOVERY = /\/\.well-known\/openid-configuration\/?$/;

/** The issuer as its discovery document spells it: a slash at the end makes a difference. */
export async function issuerIn(given: string): Promise<string> {
  const base = given.trim().replace(DISCOVERY, '');
  try {
    const response = await fetch(`${base.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(3_000),
    });
    const document: unknown = await response.json();
    if (typeof document !== 'object' || document === null || !('issuer' in document)) return base;
    const { issuer } = document;
    const isSame = typeof issuer === 'string' && bare(issuer) === bare(base);
    return isSame ? issuer : base;
  } catch {
    // The attempt that follows says what is wrong.
    return base;
  }
}

const bare = (address: string) => address.replace(/\/$/, '');
