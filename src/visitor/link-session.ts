import type { Context } from 'hono';
import { originOf } from '../http/addresses.ts';
import type { AppEnv } from '../http/context.ts';
import { deleteOwnCookie, ownCookie, setOwnCookie } from '../http/cookies.ts';
import type { LinkKey } from '../links/keys.ts';
import type { LinkSession } from '../links/session.ts';

// The cookie `__Host-billing` is this origin's own, and no script can read it. Only pages take
// it: the API takes the site's word and nothing else.
const NAME = 'billing';

/** The session of someone who came by a link; undefined without a valid one. */
export async function readLinkSession(c: Context<AppEnv>): Promise<LinkSession | undefined> {
  const token = ownCookie(c, NAME);
  if (token === undefined) return undefined;
  const { verifySession } = await import('../links/session.ts');
  const { links, linkKeys } = c.get('services');
  const verification = await verifySession(token, originOf(c), await linkKeys(), new Date());
  if (verification.kind === 'refused') return refuse(c, verification.reason);
  const { session } = verification;
  const { until } = await links.revocationOf(session.principal);
  return session.linkIssuedAt <= until ? refuse(c, 'revoked') : session;
}

/** Begins a session, so that someone who came by a link is recognised after the portal. */
export async function beginLinkSession(
  c: Context<AppEnv>,
  session: LinkSession,
  key: LinkKey,
  now: Date,
): Promise<void> {
  const { mintSession, SESSION_SECONDS } = await import('../links/session.ts');
  const token = await mintSession(session, originOf(c), key, now);
  setOwnCookie(c, NAME, token, SESSION_SECONDS);
}

export function endLinkSession(c: Context<AppEnv>): void {
  deleteOwnCookie(c, NAME);
}

function refuse(c: Context<AppEnv>, reason: string): undefined {
  c.get('trace').tokenRefusal = `session: ${reason}`;
  endLinkSession(c);
}
