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
import { brandEntries } from './brand-entries.ts';
import { addressOrPath, commaSeparated, matching, origin } from './rules.ts';
import { identityEntries } from './identity-entries.ts';
import { portalsSetting } from './portals-setting.ts';
import { isLoopback } from './secure-url.ts';

/** Each setting by itself. An empty value counts as not set. */
export const entries = v.object({
  STRIPE_SECRET_KEY: matching(/^(?:sk|rk)_(?:test|live)_\w{8,}$/, needsKey),
  STRIPE_WEBHOOK_SECRET: commaSeparated(
    matching(/^whsec_\S+$/, needsWebhookSecret),
    needsWebhookSecret,
  ),
  LINK_SECRET: v.optional(
    commaSeparated(v.pipe(v.string(), v.minLength(32, needsLinkSecret)), needsLinkSecret),
  ),
  LINK_API_KEY: v.optional(apiKeys(needsApiKey)),
  EMAIL_FROM: v.optional(matching(/^[^\s@<>",;]+@[^\s@<>",;]+\.[^\s@<>",;]+$/, needsSender)),
  TURNSTILE_SITE_KEY: v.optional(matching(/^[\w-]+$/, needsTurnstile)),
  TURNSTILE_SECRET_KEY: v.optional(matching(/^[\w-]+$/, needsTurnstile)),
  ...identityEntries,
  SIGN_IN_URL: v.optional(
    addressOrPath(
      'set it to your sign-in page, such as https://example.com/sign-in?next={return_to}, or to ' +
        'a path on this origin.',
    ),
  ),
  ...brandEntries,
  ALLOWED_ORIGINS: v.optional(commaSeparated(origin(needsOrigins), needsOrigins)),
  PUBLIC_ORIGIN: v.optional(
    origin('set it to this Worker’s own origin, such as https://example.com: no path, no slash.'),
  ),
  // It goes into a query of Stripe's search, so it must not contain quotes.
  CUSTOMER_METADATA_KEY: v.optional(
    matching(/^[\w.-]{1,40}$/, 'use at most 40 letters, digits, dots, dashes or underscores.'),
    'user_id',
  ),
  LINK_BY_EMAIL: v.optional(
    v.pipe(
      v.picklist(['true', 'false'], 'write true or false.'),
      v.transform((value) => value === 'true'),
    ),
    'false',
  ),
  CRON_SUBREQUESTS: v.optional(
    v.pipe(
      v.string(needsSubrequests),
      v.regex(/^\d{2,5}$/, needsSubrequests),
      v.transform(Number),
      v.check((value) => value >= 30 && value <= 10_000, needsSubrequests),
    ),
    '50',
  ),
  PORTAL_CONFIGURATION: v.optional(
    matching(/^bpc_\w+$/, 'set it to the id of a portal configuration (bpc_…), or leave it empty.'),
  ),
  PORTALS: v.optional(portalsSetting),
  PORTAL_AFTER_EXPIRATION: v.optional(
    v.picklist(['customer_login'], 'the only value is customer_login; or leave it empty.'),
  ),
  STRIPE_API_BASE: v.optional(
    v.pipe(
      origin(needsApiBase),
      v.transform((value) => new URL(value)),
      v.check((url) => isLoopback(url.hostname), needsApiBase),
    ),
  ),
});
