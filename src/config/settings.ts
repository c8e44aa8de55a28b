import * as v from 'valibot';
import { entries } from './entries.ts';
import { needsLinks, needsTurnstile, needsJwksUrl } from './remedies.ts';
import { accessRules } from './access-rules.ts';

/** Whether the key is of live mode, in which money moves. */
export const isLiveKey = (secretKey: string) => /^[sr]k_live_/.test(secretKey);

/** All settings, and what must hold between them, where the code around us says who asks. */
export const hostedSettings = v.pipe(
  accessRules,
  v.forward(
    v.partialCheck(
      [['AUTH_JWKS_URL'], ['AUTH_JWT_SECRET']],
      (env) => env.AUTH_JWKS_URL === undefined || env.AUTH_JWT_SECRET === undefined,
      'remove it or AUTH_JWKS_URL: accepting both kinds of key invites algorithm confusion.',
    ),
    ['AUTH_JWT_SECRET'],
  ),
  v.forward(
    v.partialCheck(
      [['AUTH_PROVIDER'], ['AUTH_JWKS_URL'], ['AUTH_ISSUER']],
      (env) =>
        env.AUTH_JWKS_URL === undefined ||
        env.AUTH_ISSUER !== undefined ||
        env.AUTH_PROVIDER !== undefined,
      'set it to the `iss` of your tokens: a key set can serve several issuers.',
    ),
    ['AUTH_ISSUER'],
  ),
  v.forward(
    v.partialCheck(
      [['AUTH_JWT_SECRET'], ['LINK_SECRET']],
      (env) => !env.AUTH_JWT_SECRET?.some((secret) => env.LINK_SECRET?.includes(secret)),
      'use another secret than AUTH_JWT_SECRET: a link must never pass for a session.',
    ),
    ['LINK_SECRET'],
  ),
  v.forward(
    v.partialCheck(
      [['LINK_API_KEY'], ['LINK_SECRET']],
      (env) =>
        env.LINK_SECRET !== undefined ||
        (env.LINK_API_KEY ?? []).every(({ may }) => may.every((scope) => scope === 'read')),
      needsLinks,
    ),
    ['LINK_API_KEY'],
  ),
  v.forward(
    v.partialCheck(
      [['EMAIL_FROM'], ['LINK_SECRET']],
      (env) => env.EMAIL_FROM === undefined || env.LINK_SECRET !== undefined,
      needsLinks,
    ),
    ['EMAIL_FROM'],
  ),
  v.forward(
    v.partialCheck(
      [['TURNSTILE_SITE_KEY'], ['TURNSTILE_SECRET_KEY']],
      (env) => (env.TURNSTILE_SITE_KEY === undefined) === (env.TURNSTILE_SECRET_KEY === undefined),
      needsTurnstile,
    ),
    ['TURNSTILE_SITE_KEY'],
  ),
  v.forward(
    v.partialCheck(
      [['LOGO_URL'], ['LOGO_DARK_URL']],
      (env) => env.LOGO_DARK_URL === undefined || env.LOGO_URL !== undefined,
      'set LOGO_URL, too: this one takes its place on dark screens.',
    ),
    ['LOGO_DARK_URL'],
  ),
  v.forward(
    v.partialCheck(
      [['PORTALS'], ['PORTAL_CONFIGURATION']],
      (env) => env.PORTALS === undefined || env.PORTAL_CONFIGURATION === undefined,
      'remove it: PORTALS names every portal.',
    ),
    ['PORTAL_CONFIGURATION'],
  ),
  v.forward(
    v.partialCheck(
      [['STRIPE_SECRET_KEY'], ['STRIPE_API_BASE']],
      (env) => env.STRIPE_API_BASE === undefined || !isLiveKey(env.STRIPE_SECRET_KEY),
      'remove it: a live key is only ever sent to Stripe.',
    ),
    ['STRIPE_API_BASE'],
  ),
);

/** The same for a Worker of its own: only settings say how visitors are recognised. */
export const settings = v.pipe(
  hostedSettings,
  v.forward(
    v.partialCheck(
      [
        ['AUTH_PROVIDER'],
        ['AUTH_JWKS_URL'],
        ['AUTH_JWT_SECRET'],
        ['AUTHJS_SECRET'],
        ['SESSION_PRESET'],
        ['SESSION_URL'],
        ['LINK_SECRET'],
      ],
      (env) =>
        env.AUTHJS_SECRET !== undefined ||
        env.SESSION_PRESET !== undefined ||
        env.SESSION_URL !== undefined ||
        env.AUTH_PROVIDER !== undefined ||
        env.AUTH_JWKS_URL !== undefined ||
        env.AUTH_JWT_SECRET !== undefined ||
        env.LINK_SECRET !== undefined,
      needsJwksUrl +
        ' Or name your provider in AUTH_PROVIDER, or your site’s sessions in SESSION_PRESET. Or store the secret AUTH_JWT_SECRET, if your site signs tokens with one; or LINK_SECRET,' +
        ' if it has no accounts of its own.',
    ),
    ['AUTH_JWKS_URL'],
  ),
);

/** The names of all settings. Bindings are not among them. */
export const settingNames = Object.keys(entries.entries);

export type SettingName = keyof typeof entries.entries;

export type Settings = v.InferOutput<typeof settings>;
