import type { ConfigProblem } from '../errors/billing-error.ts';
import type { Portals } from '../portal/portals.ts';
import type { ApiKey } from './api-keys.ts';
import type { LegalLink } from './kinds.ts';
import { onlyPortal } from './portals-setting.ts';
import { toAuth, type Auth } from './auth.ts';
import type { Settings } from './entries.ts';
import { isLiveKey, readSettings } from './settings.ts';

export type Config = {
  /** True with a live key. Customers of the other mode do not exist for us. */
  livemode: boolean;
  stripe: { secretKey: string; apiBase: URL | undefined };
  /** Empty while there is no endpoint: every delivery is refused. */
  webhookSecrets: string[];
  /** Keys of signed links. The first signs. Empty: there are no links. */
  linkSecrets: string[];
  /** Bearer keys of back ends. */
  apiKeys: ApiKey[];
  /** The sender of sign-in mails. */
  emailFrom: string | undefined;
  turnstile: { siteKey: string; secretKey: string } | undefined;
  auth: Auth;
  /** Contains `{return_to}` if the sign-in page can send people back. */
  signInUrl: string | undefined;
  pricingUrl: string | undefined;
  supportUrl: string | undefined;
  brand: {
    /** Undefined: the pages go by the name of their host. */
    name: string | undefined;
    color: string;
    homeUrl: string | undefined;
    logo: { url: string; darkUrl: string | undefined } | undefined;
    /** In the order that they are shown in. */
    legalLinks: LegalLink[];
  };
  allowedOrigins: string[];
  publicOrigin: string | undefined;
  customerMetadataKey: string;
  /** The roles that may bill. Empty: everyone may. */
  billingRoles: string[];
  /** Who manages billing: an address, or text. */
  billingContact: string | undefined;
  /** Whether a verified e-mail address may stand for a subject that Stripe does not know. */
  linkByEmail: boolean;
  /** How many subrequests one run of the cron job may make. */
  cronSubrequests: number;
  portals: Portals;
  /** What Stripe does with somebody who comes with an expired session URL. */
  afterExpiration: 'customer_login' | undefined;
};

/** Stands for the webhook's secret until there is an endpoint: setup stores the real one. */
export const NO_WEBHOOK = 'whsec_none';

export type ParsedConfig =
  | { kind: 'valid'; config: Config }
  | { kind: 'invalid'; problems: ConfigProblem[] };

/**
 * Reads the Worker's environment, and reports all problems at once. An empty value counts as not
 * set, because `wrangler.toml` lists every setting.
 *
 * @param isHosted  the code around us says who asks, so no setting has to
 */
export function parseConfig(
  env: Readonly<Record<string, unknown>>,
  isHosted = false,
): ParsedConfig {
  const { settings, remedies } = readSettings(env, isHosted);
  return remedies.size === 0
    ? { kind: 'valid', config: toConfig(settings) }
    : { kind: 'invalid', problems: [...remedies].map(([key, remedy]) => ({ key, remedy })) };
}

function toConfig(env: Settings): Config {
  return {
    livemode: isLiveKey(env.STRIPE_SECRET_KEY),
    stripe: { secretKey: env.STRIPE_SECRET_KEY, apiBase: env.STRIPE_API_BASE },
    webhookSecrets: env.STRIPE_WEBHOOK_SECRET.filter((secret) => secret !== NO_WEBHOOK),
    linkSecrets: env.LINK_SECRET ?? [],
    apiKeys: env.LINK_API_KEY ?? [],
    emailFrom: env.EMAIL_FROM,
    turnstile: toTurnstile(env),
    auth: toAuth(env),
    signInUrl: env.SIGN_IN_URL,
    pricingUrl: env.PRICING_URL,
    supportUrl: env.SUPPORT_URL,
    brand: toBrand(env),
    allowedOrigins: env.ALLOWED_ORIGINS ?? [],
    publicOrigin: env.PUBLIC_ORIGIN,
    customerMetadataKey: env.CUSTOMER_METADATA_KEY,
    billingRoles: env.AUTH_BILLING_ROLES ?? [],
    billingContact: env.BILLING_CONTACT,
    linkByEmail: env.LINK_BY_EMAIL,
    cronSubrequests: env.CRON_SUBREQUESTS,
    portals: env.PORTALS ?? onlyPortal(env.PORTAL_CONFIGURATION),
    afterExpiration: env.PORTAL_AFTER_EXPIRATION,
  };
}

function toTurnstile(env: Settings): Config['turnstile'] {
  const { TURNSTILE_SITE_KEY: siteKey, TURNSTILE_SECRET_KEY: secretKey } = env;
  return siteKey !== undefined && secretKey !== undefined ? { siteKey, secretKey } : undefined;
}

function toBrand(env: Settings): Config['brand'] {
  const { LOGO_URL: url, LOGO_DARK_URL: darkUrl } = env;
  return {
    name: env.BRAND_NAME,
    color: env.BRAND_COLOR,
    homeUrl: env.HOME_URL,
    logo: url === undefined ? undefined : { url, darkUrl },
    legalLinks: env.LEGAL_LINKS ?? [],
  };
}
