import { isLoopback } from '../stripe/loopback.ts';

export type Sandbox = { secretKey: string; apiBase: URL | undefined };

/**
 * The sandbox to run against; undefined unless STRIPE_CONTRACT=1 asks for one.
 *
 * @throws when the key is no test key: the suite makes and deletes customers
 */
export function readSandbox(env: Record<string, string | undefined>): Sandbox | undefined {
  if (env['STRIPE_CONTRACT'] !== '1') return undefined;
  const secretKey = env['STRIPE_SECRET_KEY'] ?? '';
  if (/^[a-z]+_live_/.test(secretKey)) {
    throw new Error('STRIPE_SECRET_KEY is a live key. Use the key of a sandbox.');
  }
  if (!/^[rs]k_test_\w+$/.test(secretKey)) {
    throw new Error('Set STRIPE_SECRET_KEY to a secret key of a sandbox, sk_test_….');
  }
  const base = env['STRIPE_API_BASE'] || undefined;
  if (base !== undefined && !isLoopback(base)) {
    throw new Error('STRIPE_API_BASE may only be an address of this machine.');
  }
  return { secretKey, apiBase: base === undefined ? undefined : new URL(base) };
}
