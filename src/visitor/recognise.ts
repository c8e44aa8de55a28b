import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Identification, Identity, LinkIdentity } from '../identity/identify.ts';
import type { LinkKey } from '../links/keys.ts';
import { mintSession, SESSION_SECONDS, verifySession, type LinkSession } from '../links/session.ts';
import { originOf, recognise, type AppEnv } from '../http/context.ts';

// `__Host-billing`: this origin's own, never readable by a script. Only the addresses that
// people see take it; the API takes the site's own tokens and no others.
const NAME = 'billing';
const OPTIONS = { prefix: 'host', path: '/', secure: true } as const;

/** Who asks: by the site's own token, which outranks all else, or by a link of a while ago. */
export async function recogniseVisitor(c: Context<AppEnv>): Promise<Identification<Identity>> {
  const identification = await recognise(c);
  if (identification.kind === 'recognised') return identification;
  if (identification.kind === 'refused' && !isStale(identification)) return identification;
  const identity = await identityOfSession(c);
  return identity ? { kind: 'recognised', identity } : identification;
}

/** A bad bearer token is not rescued, and cookies that name several people are an attack. */
function isStale({ via, reason }: { via: 'bearer' | 'cookie'; reason: string }): boolean {
  return via === 'cookie' && reason !== 'conflicting_cookies';
}

async function identityOfSession(c: Context<AppEnv>): Promise<LinkIdentity | undefined> {
  const token = getCookie(c, NAME, OPTIONS.prefix);
  if (token === undefined) return undefined;
  const { customers, linkKeys } = c.get('services');
  const verification = await verifySession(token, originOf(c), await linkKeys(), new Date());
  if (verification.kind === 'refused') return refuse(c, verification.reason);
  const { holder, method, email, linkIssuedAt } = verification.session;
  if (linkIssuedAt <= (await customers.linksRevokedUntil(holder))) return refuse(c, 'revoked');
  return { ...holder, ...(email !== undefined && { email }), via: method };
}

function refuse(c: Context<AppEnv>, reason: string): undefined {
  c.get('trace').tokenRefusal = `session: ${reason}`;
  endSession(c);
}

/** Recognises whoever came by a link when they come back from the portal. */
export async function beginSession(
  c: Context<AppEnv>,
  session: LinkSession,
  key: LinkKey,
  now: Date,
): Promise<void> {
  const token = await mintSession(session, originOf(c), key, now);
  const options = { ...OPTIONS, httpOnly: true, sameSite: 'Lax', maxAge: SESSION_SECONDS } as const;
  setCookie(c, NAME, token, options);
}

export function endSession(c: Context<AppEnv>): void {
  deleteCookie(c, NAME, OPTIONS);
}
