import { BillingError } from './errors/billing-error.ts';

/** Cloudflare counts for each location on its own, over the period in wrangler.toml. */
type Limiter = Pick<RateLimit, 'limit'>;

// WEBHOOK_LIMIT counts a second of a sandbox, and a quarter of one in live mode, where Stripe takes
// four times as many requests. https://docs.stripe.com/rate-limits
const SPAN_MILLISECONDS = { test: 1_000, live: 250 };

/** Bindings that may be absent. Then nothing is limited. */
export type Limiters = {
  SESSION_LIMIT?: Limiter;
  CLIENT_LIMIT?: Limiter;
  WEBHOOK_LIMIT?: Limiter;
};

/** What is limited. */
export type Limits = {
  /** Sessions that a principal opens. */
  session: (subject: string) => Promise<void>;
  /** Proofs of identity that fail, or that cost a question, from one client network. */
  proof: (network: string) => Promise<void>;
  /** How often a principal reads what they have: on pages of the site, so more often. */
  reading: (subject: string) => Promise<void>;
  /** Whether a webhook may sync at once. In a storm it leaves that to the cron job. */
  allowsSync: (livemode: boolean, now: Date) => Promise<boolean>;
};

/** All but the last throw BillingError `rate_limited`. */
export function createLimits({ SESSION_LIMIT, CLIENT_LIMIT, WEBHOOK_LIMIT }: Limiters): Limits {
  return {
    session: async (subject) =>
      count(SESSION_LIMIT, subject, 'This subject opens too many sessions.'),
    proof: async (network) =>
      count(
        CLIENT_LIMIT,
        network,
        'Too many proofs from this network failed, or had to be asked for.',
      ),
    reading: async (subject) =>
      count(CLIENT_LIMIT, `billing of ${subject}`, 'This subject reads its billing too often.'),
    allowsSync: async (livemode, now) =>
      isAllowed(WEBHOOK_LIMIT, `webhooks ${spanOf(livemode, now)}`),
  };
}

/** Each span has a key of its own, so that a storm does not begin with all that a period allows. */
const spanOf = (livemode: boolean, now: Date) =>
  Math.floor(now.getTime() / SPAN_MILLISECONDS[livemode ? 'live' : 'test']);

async function count(limiter: Limiter | undefined, key: string, reason: string): Promise<void> {
  if (await isAllowed(limiter, key)) return;
  throw new BillingError('rate_limited', reason);
}

/** A limiter that is down must not take billing down, too. */
async function isAllowed(limiter: Limiter | undefined, key: string): Promise<boolean> {
  if (!limiter) return true;
  try {
    return (await limiter.limit({ key })).success;
  } catch {
    return true;
  }
}
