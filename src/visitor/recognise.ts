import type { Context } from 'hono';
import { networkOf, clientAddress } from '../http/client.ts';
import type { AppEnv } from '../http/context.ts';
import {
  bearerToken,
  type Expired,
  type Identification,
  type Refused,
} from '../identity/identify.ts';
import { nameOf, type Principal } from '../identity/principal.ts';
import type { LinkMethod } from '../links/link.ts';
import { measure } from '../telemetry/trace.ts';
import { readAccount } from './account.ts';
import { askHost } from './by-host.ts';
import { covers } from './covers.ts';
import { readLinkSession } from './link-session.ts';

/** How a visitor was recognised: by the site's word, at the provider, or by a signed link. */
export type Source = 'site' | 'account' | LinkMethod;

/** Whether the site says who this is. Its word outranks a link's. */
export const isOfSite = (source: Source) => source === 'site' || source === 'account';

export type Recognised = {
  kind: 'recognised';
  principal: Principal;
  source: Source;
  /** The expired token beside a link's session, as `nameOfExpired` names it. */
  expired?: string | undefined;
};

export type Recognition = Recognised | Unrecognised;

type Unproven = Exclude<Identification, { kind: 'recognised' }>;

export type Unrecognised =
  | Unproven
  /** Our session after a sign-in at the provider has ended, which the provider can renew. */
  | { kind: 'refused'; via: 'account'; reason: 'expired'; was: Expired };

/**
 * Who asks, by the site's own token, by the word of the app around us, or by the site's answer to
 * its own cookie. The API takes nothing else.
 *
 * @throws BillingError `rate_limited`, `identity_provider_unavailable`, `site_session_unavailable`,
 *   `identify_failed`, `identity_invalid`
 */
export async function recogniseBySite(c: Context<AppEnv>): Promise<Recognised | Unproven> {
  const { identify, askSite, config } = c.get('services');
  const host = c.get('host');
  const authorization = c.req.header('authorization');
  // Without keys of our own, a bearer token is for the host to read.
  const isForHost = host !== undefined && config.auth.keys.kind === 'none';
  const proofs = {
    authorization: isForHost ? undefined : authorization,
    cookie: c.req.header('cookie'),
  };
  const identification = await measure('identity', async () => identify(proofs, new Date()));
  if (host && bearerToken(proofs.authorization) === undefined && !isConflict(identification)) {
    const answer = await askHost(c, host, identification);
    if (answer.kind === 'recognised') return { ...answer, source: 'site' };
    if (answer.kind === 'refused') return answer;
  }
  if (identification.kind === 'recognised') return { ...identification, source: 'site' };
  if (askSite && !isBearer(identification) && !isConflict(identification)) {
    const answer = await measure('identity', async () =>
      askSite(proofs.cookie, new Date(), async () => countProof(c)),
    );
    if (answer.kind === 'recognised') return { ...answer, source: 'site' };
    if (answer.kind === 'refused') {
      c.get('trace').tokenRefusal = `site: ${answer.reason}`;
      return { ...answer, via: 'cookie' };
    }
    if (answer.status !== undefined) c.get('trace').tokenRefusal = `site: status ${answer.status}`;
  }
  if (identification.kind === 'refused') {
    c.get('trace').tokenRefusal = `${identification.via}: ${identification.reason}`;
    // An expired token is no failed proof: only the site can have signed it.
    if (identification.reason !== 'expired') await countProof(c);
  }
  return identification;
}

/**
 * Who asks, by the site's own word, which outranks all else, by our session after a sign-in at
 * the provider, or by our session of a link. That last one never takes the place of someone else:
 * while the browser has an expired proof of another subject, the visitor is not recognised and
 * signs in. The exception is a visitor who agreed, on the link's page, to continue as the other.
 */
export async function recogniseVisitor(c: Context<AppEnv>): Promise<Recognition> {
  const bySite = await recogniseBySite(c);
  if (bySite.kind === 'recognised') return bySite;
  if (bySite.kind === 'refused' && !isStale(bySite)) return bySite;
  const account = await readAccount(c);
  const before = bySite.kind === 'refused' ? bySite.was : undefined;
  if (account.kind === 'valid' && isLatest(account, before)) {
    return { kind: 'recognised', principal: account.principal, source: 'account' };
  }
  const recognition: Unrecognised =
    account.kind === 'expired'
      ? { kind: 'refused', via: 'account', reason: 'expired', was: account.was }
      : bySite;
  const session = await readLinkSession(c);
  if (!session) return recognition;
  const pasts = [before, ...(account.kind === 'expired' ? [account.was] : [])];
  for (const was of pasts) {
    const mayReplace =
      !was ||
      nameOfExpired(was) === session.insteadOf ||
      (await covers(was.principal, session.principal, c.get('services')));
    if (!mayReplace) return recognition;
  }
  const was = recognition.kind === 'refused' ? recognition.was : undefined;
  const expired = was && nameOfExpired(was);
  return { kind: 'recognised', principal: session.principal, source: session.method, expired };
}

/** Whether nobody else's token was valid after this session began. */
function isLatest(
  { principal, since }: { principal: Principal; since: number },
  before: Expired | undefined,
): boolean {
  return !before || nameOf(before.principal) === nameOf(principal) || since > before.at;
}

/** Names this very token: when its subject has signed in since, an earlier agreement is over. */
export const nameOfExpired = ({ principal, at }: Expired) => `${nameOf(principal)} ${at}`;

/**
 * Counts a proof that failed, or that costs a question, against the client's network.
 *
 * @throws BillingError `rate_limited`
 */
export async function countProof(c: Context<AppEnv>): Promise<void> {
  const address = clientAddress(c);
  if (address !== undefined) await c.get('services').limits.proof(networkOf(address));
}

const isBearer = (identification: Unproven) =>
  identification.kind === 'refused' && identification.via === 'bearer';

const isConflict = (identification: Identification) =>
  identification.kind === 'refused' && identification.reason === 'conflicting_cookies';

/** A bad bearer token is never rescued, and cookies of several subjects are an attack. */
function isStale(refused: Refused): boolean {
  return refused.via === 'cookie' && !isConflict(refused);
}
