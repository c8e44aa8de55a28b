import { BillingError } from './errors/billing-error.ts';

/** Cloudflare counts for each location on its own, over the period in wrangler.toml. */
type Limiter = Pick<RateLimit, 'limit'>;

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
  /** Whether a webhook may sync at once. In a storm it leaves that to the cron job. */
  allowsSync: () => Promise<boolean>;
};

/** The first two throw BillingError `rate_limited`. */
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
    allowsSync: async () => isAllowed(WEBHOOK_LIMIT, 'webhooks'),
  };
}

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
