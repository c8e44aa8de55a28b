import * as v from 'valibot';
import {
  needsApiBase,
  needsApiKey,
  needsColor,
  needsJwksUrl,
  needsJwtSecret,
  needsKey,
  needsLinkSecret,
  needsOrigins,
  needsParties,
  needsProvider,
  needsScopes,
  needsSender,
  needsSubrequests,
  needsTurnstile,
  needsWebhookSecret,
  needsUnwritable,
} from './remedies.ts';
import {
  address,
  commaSeparated,
  linkOrMail,
  matching,
  origin,
  sharedSecrets,
  signIn,
  text,
} from './rules.ts';
import { isProviderName, type ProviderName } from './providers.ts';
import { isLoopback } from './secure-url.ts';

/** The brand of the pages when none is configured. */
export const DEFAULT_BRAND = { name: 'Billing', color: '#4f46e5' };

// Claims that users can change themselves, at Supabase, at Clerk, and in any profile of OpenID
// Connect (Core 1.0 §5.7): nobody may choose their subject.
const WRITABLE_BY_USERS =
  /^(?:user_metadata|raw_user_meta_data|unsafe_?metadata|name|(?:given|family|middle|nick)_?name|preferred_username|profile|picture|website|phone_number)\b/i;

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
  LINK_API_KEY: v.optional(
    commaSeparated(v.pipe(v.string(), v.minLength(32, needsApiKey)), needsApiKey),
  ),
  EMAIL_FROM: v.optional(matching(/^[^\s@<>",;]+@[^\s@<>",;]+\.[^\s@<>",;]+$/, needsSender)),
  TURNSTILE_SITE_KEY: v.optional(matching(/^[\w-]+$/, needsTurnstile)),
  TURNSTILE_SECRET_KEY: v.optional(matching(/^[\w-]+$/, needsTurnstile)),
  AUTH_PROVIDER: v.optional(v.custom<ProviderName>(isProviderName, needsProvider)),
  AUTH_DOMAIN: v.optional(
    matching(/^[a-z\d.-]+(?::\d+)?$/i, 'write a host only, such as example.eu.auth0.com.'),
  ),
  AUTH_TENANT: v.optional(matching(/^[\w.-]+$/, 'use letters, digits, dots, dashes and _ only.')),
  AUTH_CLIENT_ID: v.optional(text('set it to the client id that your provider gave this Worker.')),
  AUTH_CLIENT_SECRET: v.optional(text('set it to the client secret that your provider gave.')),
  AUTH_SCOPES: v.optional(
    v.pipe(
      text(needsScopes),
      v.check((scopes) => scopes.split(/\s+/).includes('openid'), needsScopes),
    ),
  ),
  AUTH_JWKS_URL: v.optional(
    v.pipe(
      address(needsJwksUrl),
      v.transform((value) => new URL(value)),
    ),
  ),
  AUTH_JWT_SECRET: v.optional(sharedSecrets(needsJwtSecret)),
  AUTH_ISSUER: v.optional(text('set it to the `iss` of your tokens, exactly as they carry it.')),
  AUTH_AUDIENCE: v.optional(text('set it to the `aud` of your tokens, exactly as they carry it.')),
  AUTH_AUTHORIZED_PARTIES: v.optional(commaSeparated(text(needsParties), needsParties)),
  AUTH_COOKIE: v.optional(
    matching(/^[\w!#$%&'*+.^`|~-]+$/, 'set it to the name of the cookie that holds the token.'),
  ),
  AUTH_SUBJECT_CLAIM: v.optional(
    v.pipe(
      text('name the claim that says who you bill: sub for people, or org_id for organisations.'),
      v.check((claim) => !WRITABLE_BY_USERS.test(claim), needsUnwritable),
    ),
  ),
  AUTH_CUSTOMER_CLAIM: v.optional(
    v.pipe(
      text('name the claim in which your site signs the id of the Stripe customer.'),
      v.check((claim) => !WRITABLE_BY_USERS.test(claim), needsUnwritable),
    ),
  ),
  SIGN_IN_URL: v.optional(
    signIn(
      'set it to your sign-in page, such as https://example.com/sign-in?next={return_to}, or to ' +
        'a path on this origin.',
    ),
  ),
  PRICING_URL: v.optional(address('set it to the https address of your pricing page.')),
  SUPPORT_URL: v.optional(
    linkOrMail('set it to the https address of your help page, or to mailto:help@example.com.'),
  ),
  BRAND_NAME: v.optional(
    v.pipe(text('set it to a name.'), v.maxLength(60, 'use at most 60 characters.')),
    DEFAULT_BRAND.name,
  ),
  BRAND_COLOR: v.optional(matching(/^#[0-9a-f]{6}$/i, needsColor), DEFAULT_BRAND.color),
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
