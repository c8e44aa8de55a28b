import * as v from 'valibot';
import { accessRules } from './access-rules.ts';
import { defaults, entries, required, type SettingName, type Settings } from './entries.ts';
import { needsJwksUrl, needsLinks, needsTurnstile } from './remedies.ts';
import { rule, type Rule } from './rule.ts';
import { sessionRules } from './session-rules.ts';
import { signInRules } from './sign-in-rules.ts';

/** Whether the key is of live mode, in which money moves. */
export const isLiveKey = (secretKey: string) => /^[sr]k_live_/.test(secretKey);

const rules: Rule[] = [
  ...signInRules,
  ...sessionRules,
  ...accessRules,
  rule({
    of: ['AUTH_JWKS_URL', 'AUTH_JWT_SECRET'],
    setting: 'AUTH_JWT_SECRET',
    holds: (env) => env.AUTH_JWKS_URL === undefined || env.AUTH_JWT_SECRET === undefined,
    remedy: 'remove it or AUTH_JWKS_URL: accepting both kinds of key invites algorithm confusion.',
  }),
  rule({
    of: ['AUTH_PROVIDER', 'AUTH_JWKS_URL', 'AUTH_ISSUER'],
    setting: 'AUTH_ISSUER',
    holds: (env) =>
      env.AUTH_JWKS_URL === undefined ||
      env.AUTH_ISSUER !== undefined ||
      env.AUTH_PROVIDER !== undefined,
    remedy: 'set it to the `iss` of your tokens: a key set can serve several issuers.',
  }),
  rule({
    of: ['AUTH_JWT_SECRET', 'LINK_SECRET'],
    setting: 'LINK_SECRET',
    holds: (env) => !env.AUTH_JWT_SECRET?.some((secret) => env.LINK_SECRET?.includes(secret)),
    remedy: 'use another secret than AUTH_JWT_SECRET: a link must never pass for a session.',
  }),
  rule({
    of: ['LINK_API_KEY', 'LINK_SECRET'],
    setting: 'LINK_API_KEY',
    holds: (env) =>
      env.LINK_SECRET !== undefined ||
      (env.LINK_API_KEY ?? []).every(({ may }) => may.every((scope) => scope === 'read')),
    remedy: needsLinks,
  }),
  rule({
    of: ['EMAIL_FROM', 'LINK_SECRET'],
    setting: 'EMAIL_FROM',
    holds: (env) => env.EMAIL_FROM === undefined || env.LINK_SECRET !== undefined,
    remedy: needsLinks,
  }),
  rule({
    of: ['TURNSTILE_SITE_KEY', 'TURNSTILE_SECRET_KEY'],
    setting: 'TURNSTILE_SITE_KEY',
    holds: (env) =>
      (env.TURNSTILE_SITE_KEY === undefined) === (env.TURNSTILE_SECRET_KEY === undefined),
    remedy: needsTurnstile,
  }),
  rule({
    of: ['LOGO_URL', 'LOGO_DARK_URL'],
    setting: 'LOGO_DARK_URL',
    holds: (env) => env.LOGO_DARK_URL === undefined || env.LOGO_URL !== undefined,
    remedy: 'set LOGO_URL, too: this one takes its place on dark screens.',
  }),
  rule({
    of: ['PORTALS', 'PORTAL_CONFIGURATION'],
    setting: 'PORTAL_CONFIGURATION',
    holds: (env) => env.PORTALS === undefined || env.PORTAL_CONFIGURATION === undefined,
    remedy: 'remove it: PORTALS names every portal.',
  }),
  rule({
    of: ['STRIPE_SECRET_KEY', 'STRIPE_API_BASE'],
    setting: 'STRIPE_API_BASE',
    holds: (env) => env.STRIPE_API_BASE === undefined || !isLiveKey(env.STRIPE_SECRET_KEY),
    remedy: 'remove it: a live key is only ever sent to Stripe.',
  }),
];

// In a Worker of its own, only these say how visitors are recognised.
const RECOGNISING: SettingName[] = [
  'AUTH_PROVIDER',
  'AUTH_JWKS_URL',
  'AUTH_JWT_SECRET',
  'AUTHJS_SECRET',
  'SESSION_PRESET',
  'SESSION_URL',
  'LINK_SECRET',
];
const needsRecognising =
  needsJwksUrl +
  ' Or name your provider in AUTH_PROVIDER, or your site’s sessions in SESSION_PRESET. Or store the secret AUTH_JWT_SECRET, if your site signs tokens with one; or LINK_SECRET,' +
  ' if it has no accounts of its own.';

/** The names of all settings. Bindings are not among them. */
export const settingNames = Object.keys(entries);

/**
 * Reads the settings. An empty one counts as not set, because `wrangler.toml` lists them all.
 *
 * @param isHosted  the code around us says who asks, so no setting has to
 * @returns the settings, and what to do about each that is wrong. They are whole if none is
 */
export function readSettings(
  env: Readonly<Record<string, unknown>>,
  isHosted: boolean,
): { settings: Settings; remedies: Map<string, string> } {
  const settings: Settings = { ...defaults };
  const remedies = new Map<string, string>();
  const given = new Set<string>();
  for (const [name, entry] of Object.entries(entries)) {
    const value = env[name] === '' ? undefined : env[name];
    if (value === undefined && !required.has(name)) continue;
    given.add(name);
    const result = v.safeParse(entry(), value);
    if (result.success) Object.assign(settings, { [name]: result.output });
    else for (const { message } of result.issues) remedies.set(name, message);
  }
  const wrong = new Set(remedies.keys());
  for (const { of, holds, setting, remedy } of rules) {
    const isAsked = of.some((name) => given.has(name)) && !of.some((name) => wrong.has(name));
    if (isAsked && !holds(settings)) remedies.set(setting, remedy);
  }
  if (!isHosted && !RECOGNISING.some((name) => given.has(name))) {
    remedies.set('AUTH_JWKS_URL', needsRecognising);
  }
  return { settings, remedies };
}
