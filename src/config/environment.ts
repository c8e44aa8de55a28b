import type { SettingName } from './entries.ts';

type Required = 'STRIPE_SECRET_KEY' | 'STRIPE_WEBHOOK_SECRET';

/** What `env` has to hold, in a Worker of its own as in a host's: D1, two secrets, and what is set. */
export type PortalLinkEnv = { [Name in Required]: string } & {
  [Name in Exclude<SettingName, Required>]?: string | undefined;
} & {
  DB: D1Database;
  SESSION_LIMIT?: RateLimit;
  CLIENT_LIMIT?: RateLimit;
  WEBHOOK_LIMIT?: RateLimit;
  SIGN_IN_BY_ADDRESS?: RateLimit;
  SIGN_IN_BY_CLIENT?: RateLimit;
  /** Signing in by e-mail is on with it. */
  EMAIL?: SendEmail;
  /** The site's Worker, which is asked who a visitor is. */
  SITE?: Fetcher;
  METRICS?: AnalyticsEngineDataset;
};
