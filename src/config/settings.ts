import * as v from 'valibot';
import { isLoopback } from './address.ts';
import { address, commaSeparated, linkOrMail, matching, origin, signIn, text } from './rules.ts';

/** Whether the key is of live mode, in which money moves. */
export const isLiveKey = (secretKey: string) => /^[sr]k_live_/.test(secretKey);

/** How the pages introduce themselves where nothing is configured, or nothing validly. */
export const DEFAULT_BRAND = { name: 'Billing', color: '#4f46e5' };

const needsKey =
  'set it to a secret key (sk_test_… or sk_live_…) or, better, a restricted key (rk_…) from ' +
  'https://dashboard.stripe.com/apikeys. A publishable key (pk_…) cannot open the portal.';
const needsWebhookSecret =
  'set it to the signing secret (whsec_…) of your webhook endpoint, from ' +
  'https://dashboard.stripe.com/webhooks; several, separated by commas, while rotating.';
const needsLinkSecret =
  'use at least 32 characters, such as the output of `openssl rand -base64 32`; several, ' +
  'separated by commas, while rotating.';
const needsApiKey =
  'use at least 32 characters, such as the output of `openssl rand -hex 32`; several, ' +
  'separated by commas, while rotating.';
const needsSender = 'set it to the address that mails come from, such as billing@example.com.';
const needsLinks = 'store the secret LINK_SECRET: links are signed with it.';
const needsTurnstile =
  'set TURNSTILE_SITE_KEY and the secret TURNSTILE_SECRET_KEY, or neither: ' +
  'https://dash.cloudflare.com/?to=/:account/turnstile.';
const needsJwtSecret =
  'use at least 32 bytes, as HS256 demands (RFC 7518 §3.2): the secret that signs your site’s tokens.';
const needsJwksUrl =
  'set it to the https address of your identity provider’s key set, often …/.well-known/jwks.json.';
const needsColor = 'write a colour as #rrggbb, such as #635bff.';
const needsOrigins =
  'list origins separated by commas, each like https://app.example.com: https (http only on a ' +
  'loopback host), no path and no slash at the end.';
const needsSubrequests =
  'write a number from 30 to 10000: 50 on the free plan of Workers, up to 1000 on the paid one.';
const needsApiBase =
  'only a loopback origin such as http://localhost:12111 may stand in for Stripe.';

const entries = v.object({
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
  AUTH_JWKS_URL: v.optional(
    v.pipe(
      address(needsJwksUrl),
      v.transform((value) => new URL(value)),
    ),
  ),
  AUTH_JWT_SECRET: v.optional(
    v.pipe(
      v.string(needsJwtSecret),
      v.check((value) => new TextEncoder().encode(value).length >= 32, needsJwtSecret),
    ),
  ),
  AUTH_ISSUER: v.optional(text('set it to the `iss` of your tokens, exactly as they carry it.')),
  AUTH_AUDIENCE: v.optional(text('set it to the `aud` of your tokens, exactly as they carry it.')),
  AUTH_COOKIE: v.optional(
    matching(/^[\w!#$%&'*+.^`|~-]+$/, 'set it to the name of the cookie that holds the token.'),
  ),
  AUTH_SUBJECT_CLAIM: v.optional(
    text('name the claim that says whom you bill: sub, or org_id for organisations.'),
    'sub',
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
  // Goes into a query of Stripe's search, so nothing that could end the quotes around it.
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

/** What is true of single settings, and then what must hold between them. */
export const settings = v.pipe(
  entries,
  v.forward(
    v.partialCheck(
      [['AUTH_JWKS_URL'], ['AUTH_JWT_SECRET'], ['LINK_SECRET']],
      (env) =>
        env.AUTH_JWKS_URL !== undefined ||
        env.AUTH_JWT_SECRET !== undefined ||
        env.LINK_SECRET !== undefined,
      needsJwksUrl +
        ' Or store the secret AUTH_JWT_SECRET, if your site signs tokens with one; or LINK_SECRET,' +
        ' if it has no accounts of its own.',
    ),
    ['AUTH_JWKS_URL'],
  ),
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
      [['AUTH_JWKS_URL'], ['AUTH_ISSUER']],
      (env) => env.AUTH_JWKS_URL === undefined || env.AUTH_ISSUER !== undefined,
      'set it to the `iss` of your tokens: a key set can serve several issuers.',
    ),
    ['AUTH_ISSUER'],
  ),
  v.forward(
    v.partialCheck(
      [['AUTH_JWT_SECRET'], ['LINK_SECRET']],
      (env) => env.AUTH_JWT_SECRET === undefined || !env.LINK_SECRET?.includes(env.AUTH_JWT_SECRET),
      'use another secret than AUTH_JWT_SECRET: a link must never pass for a session.',
    ),
    ['LINK_SECRET'],
  ),
  v.forward(
    v.partialCheck(
      [['LINK_API_KEY'], ['LINK_SECRET']],
      (env) => env.LINK_API_KEY === undefined || env.LINK_SECRET !== undefined,
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
      [['STRIPE_SECRET_KEY'], ['STRIPE_API_BASE']],
      (env) => env.STRIPE_API_BASE === undefined || !isLiveKey(env.STRIPE_SECRET_KEY),
      'remove it: a live key is only ever sent to Stripe.',
    ),
    ['STRIPE_API_BASE'],
  ),
);

/** Every name that the Worker reads from its environment, besides its bindings. */
export const settingNames = Object.keys(entries.entries);

export type Settings = v.InferOutput<typeof settings>;
