import { parse } from 'smol-toml';
import wranglerToml from './as-it-comes/wrangler.toml?raw';

type Name =
  | 'SESSION_LIMIT'
  | 'CLIENT_LIMIT'
  | 'WEBHOOK_LIMIT'
  | 'SIGN_IN_BY_ADDRESS'
  | 'SIGN_IN_BY_CLIENT';
type Settings = { ratelimits: { name: string; simple: { limit: number } }[] };

const { ratelimits } = parse(wranglerToml) as unknown as Settings;

/**
 * A rate limit of wrangler.toml in a minute that never ends. The local one counts by the clock's
 * minute: a test that runs into the next would see it begin again.
 *
 * @param allowed  how many, in place of wrangler.toml's number
 */
export function createLimiter(name: Name, allowed = limitOf(name)): RateLimit {
  const counts = new Map<string, number>();
  return {
    limit: async ({ key }) => {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return { success: count <= allowed };
    },
  };
}

function limitOf(name: Name): number {
  const limit = ratelimits.find((each) => each.name === name)?.simple.limit;
  if (limit === undefined) throw new Error(`wrangler.toml has no rate limit ${name}.`);
  return limit;
}
