import * as v from 'valibot';
import {
  needsApiBase,
  needsApiKey,
  needsKey,
  needsLinkSecret,
  needsOrigins,
  needsSender,
  needsSubrequests,
  needsTurnstile,
  needsWebhookSecret,
} from './remedies.ts';
import { apiKeys } from './api-keys.ts';
import { brandEntries, DEFAULT_COLOR } from './brand-entries.ts';
import { addressOrPath, commaSeparated, matching, origin } from './kinds.ts';
import { identityEntries } from './identity-entries.ts';
import { portalsSetting } from './portals-setting.ts';
import { isLoopback } from './secure-url.ts';

/** Each setting by itself. It is built where the setting is set: most sites set a few. */
export const entries = {
  STRIPE_SECRET_KEY: () => matching(/^(?:sk|rk)_(?:test|live)_\w{8,}$/, needsKey),
  STRIPE_WEBHOOK_SECRET: () =>
    commaSeparated(matching(/^whsec_\S+$/, needsWebhookSecret), needsWebhookSecret),
  LINK_SECRET: () =>
    commaSeparated(v.pipe(v.string(), v.minLength(32, needsLinkSecret)), needsLinkSecret),
  LINK_API_KEY: () => apiKeys(needsApiKey),
  EMAIL_FROM: () => matching(/^[^\s@<>",;]+@[^\s@<>",;]+\.[^\s@<>",;]+$/, needsSender),
  TURNSTILE_SITE_KEY: () => matching(/^[\w-]+$/, needsTurnstile),
  TURNSTILE_SECRET_KEY: () => matching(/^[\w-]+$/, needsTurnstile),
  ...identityEntries,
  SIGN_IN_URL: () =>
    addressOrPath(
      'set it to your sign-in page, such as https://example.com/sign-in?next={return_to}, or to ' +
        'a path on this origin.',
    ),
  ...brandEntries,
  ALLOWED_ORIGINS: () => commaSeparated(origin(needsOrigins), needsOrigins),
  PUBLIC_ORIGIN: () =>
    origin('set it to this Worker’s own origin, such as https://example.com: no path, no slash.'),
  // It goes into a query of Stripe's search, so it must not contain quotes.
  CUSTOMER_METADATA_KEY: () =>
    matching(/^[\w.-]{1,40}$/, 'use at most 40 letters, digits, dots, dashes or underscores.'),
  LINK_BY_EMAIL: () =>
    v.pipe(
      v.picklist(['true', 'false'], 'write true or false.'),
      v.transform((value) => value === 'true'),
    ),
  CRON_SUBREQUESTS: () =>
    v.pipe(
      v.string(needsSubrequests),
      v.regex(/^\d{2,5}$/, needsSubrequests),
      v.transform(Number),
      v.check((value) => value >= 30 && value <= 10_000, needsSubrequests),
    ),
  PORTAL_CONFIGURATION: () =>
    matching(/^bpc_\w+$/, 'set it to the id of a portal configuration (bpc_…), or leave it empty.'),
  PORTALS: () => portalsSetting,
  PORTAL_AFTER_EXPIRATION: () =>
    v.picklist(['customer_login'], 'the only value is customer_login; or leave it empty.'),
  STRIPE_API_BASE: () =>
    v.pipe(
      origin(needsApiBase),
      v.transform((value) => new URL(value)),
      v.check((url) => isLoopback(url.hostname), needsApiBase),
    ),
};

/** The settings without which there is no Worker. */
export const required = new Set<string>(['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET']);

/** What counts where a setting is empty, if that is not refused. */
export const defaults = {
  STRIPE_SECRET_KEY: '',
  STRIPE_WEBHOOK_SECRET: [] as string[],
  BRAND_COLOR: DEFAULT_COLOR,
  CUSTOMER_METADATA_KEY: 'user_id',
  LINK_BY_EMAIL: false,
  CRON_SUBREQUESTS: 50,
};

export type SettingName = keyof typeof entries;
type Values = { [Name in SettingName]: v.InferOutput<ReturnType<(typeof entries)[Name]>> };

/** Every setting, as it is used. */
export type Settings = typeof defaults & {
  [Name in Exclude<SettingName, keyof typeof defaults>]?: Values[Name] | undefined;
};
