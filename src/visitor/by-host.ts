import type { Context } from 'hono';
import type { AppEnv } from '../http/context.ts';
import type { AskedHost } from '../http/host.ts';
import type { Identification } from '../identity/identify.ts';
import { nameOf } from '../identity/principal.ts';
import { measure } from '../telemetry/trace.ts';

/**
 * Asks the app around us who this is. Nothing is remembered: its own session decides each time.
 *
 * @param byCookie  what a token in a cookie says. One of somebody else contradicts the host, and
 *   neither counts
 * @throws BillingError `identify_failed`, `identity_invalid`
 */
export async function askHost(
  c: Context<AppEnv>,
  host: AskedHost,
  byCookie: Identification,
): Promise<Identification> {
  const { claims } = c.get('services').config.auth;
  const answer = await measure('identity', async () => host.identify(claims, new Date()));
  if (answer.kind === 'anonymous') return answer;
  const isContradicted =
    answer.kind === 'recognised' &&
    byCookie.kind === 'recognised' &&
    nameOf(answer.principal) !== nameOf(byCookie.principal);
  if (answer.kind === 'recognised' && !isContradicted) return answer;
  const reason = answer.kind === 'refused' ? answer.reason : 'conflicting_cookies';
  c.get('trace').tokenRefusal = `host: ${reason}`;
  return { kind: 'refused', via: 'cookie', reason };
}
