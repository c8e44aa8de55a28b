import type { Config } from '../../../config/config.ts';
import { isPlainLoopback } from '../../../config/secure-url.ts';
import { BillingError } from '../../../errors/billing-error.ts';
import { forwardedCookies } from '../../../identity/cookies/forwarded.ts';
import { cookiesNamed } from '../../../identity/cookies/named.ts';
import { createIdentify } from '../../../identity/identify.ts';
import type { Principal } from '../../../identity/principal.ts';
import { createProvider, type Provider } from '../../../identity/provider.ts';
import { createSignIn } from '../../../identity/sign-in.ts';
import { createSite } from '../../../identity/site.ts';
import type { Target } from '../../target.ts';
import { ownCookies } from '../../cookie-way.ts';
import { whyRefused } from './refused.ts';
import { whyUnread } from './unread.ts';

export type LookedUp =
  | { kind: 'somebody'; principal: Principal; by: string }
  /** Why, for each source that was asked. */
  | { kind: 'nobody'; reasons: string[] };

// The Worker's cookie on a developer's machine without https, and anywhere else (http/cookies.ts).
const accountCookie = ({ publicOrigin }: Config) =>
  publicOrigin !== undefined && isPlainLoopback(new URL(publicOrigin))
    ? 'account'
    : '__Host-account';

/**
 * Who the Worker would recognise by these cookies, in its own order: by the session cookie that it
 * reads, by the site's answer, by its own session of somebody who signed in here.
 */
export async function whoIs(
  given: string,
  config: Config,
  target: Pick<Target, 'services' | 'variables'>,
  now: Date,
): Promise<LookedUp> {
  const { auth } = config;
  const header = named(given, ownCookies(auth));
  const provider = auth.issuer === undefined ? undefined : createProvider(auth.issuer);
  const read =
    ownCookies(auth).length > 0 ? await byCookie(header, auth, provider, now) : undefined;
  if (read && (read.kind === 'somebody' || read.isFinal)) return read;
  const asked = auth.site && (await bySite(header, auth, target, now));
  if (asked?.kind === 'somebody') return asked;
  const signedIn = auth.oidc && provider && (await byAccount(header, config, provider, now));
  if (signedIn?.kind === 'somebody') return signedIn;
  const reasons = [read, asked, signedIn].flatMap((each) => each?.reasons ?? []);
  return nobody(...(reasons.length > 0 ? reasons : ['No setting names a cookie to read.']));
}

const nobody = (...reasons: string[]): LookedUp & { kind: 'nobody' } => ({
  kind: 'nobody',
  reasons,
});

/** A value alone is that of the session cookie. */
function named(given: string, [name]: string[]): string {
  return given.includes('=') || name === undefined ? given : `${name}=${given}`;
}

type Read = LookedUp & { isFinal?: boolean };

async function byCookie(
  header: string,
  auth: Config['auth'],
  provider: Provider | undefined,
  now: Date,
): Promise<Read> {
  const names = ownCookies(auth);
  try {
    const identify = createIdentify(auth, provider);
    const found = await identify({ authorization: undefined, cookie: header }, now);
    if (found.kind === 'recognised') {
      return {
        kind: 'somebody',
        principal: found.principal,
        by: `the cookie ${names.join(' or ')}`,
      };
    }
    if (found.kind === 'anonymous') return nobody(whyUnread(names, header));
    // The Worker asks no site then: a page of an attacker may have set one of the two.
    const isFinal = found.reason === 'conflicting_cookies';
    return { ...nobody(whyRefused(found, names, header, auth)), isFinal };
  } catch (error) {
    if (!(error instanceof BillingError)) throw error;
    return { ...nobody(`It cannot be verified: ${error.message}`), isFinal: true };
  }
}

async function bySite(
  header: string,
  auth: Config['auth'],
  { services }: Pick<Target, 'services'>,
  now: Date,
): Promise<LookedUp> {
  const { site } = auth;
  if (!site) return nobody();
  const { host } = site.url;
  if (forwardedCookies(site.cookies, header) === '') return nobody(whyUnread(site.cookies, header));
  if (services.includes('SITE')) {
    return nobody('The Worker asks by its binding SITE, which this command cannot.');
  }
  try {
    const answer = await createSite(site, auth.claims, fetch)(header, now, async () => {});
    if (answer.kind === 'recognised') {
      return { kind: 'somebody', principal: answer.principal, by: `the answer of ${host}` };
    }
    if (answer.kind === 'refused') {
      return nobody(`${host} names somebody in a way that does not count: ${answer.reason}.`);
    }
    const how = answer.status === undefined ? 'with JSON' : `with ${answer.status}`;
    return nobody(`${host} answers ${how} that nobody is signed in with this cookie.`);
  } catch (error) {
    if (!(error instanceof BillingError)) throw error;
    return nobody(
      `${host} gives no answer that counts, which visitors see as an outage. ${error.message}`,
    );
  }
}

async function byAccount(
  header: string,
  config: Config,
  provider: Provider,
  now: Date,
): Promise<LookedUp> {
  const name = accountCookie(config);
  const [text, ...others] = cookiesNamed(name, header);
  if (text === undefined || others.length > 0) return nobody(whyUnread([name], header));
  const { publicOrigin } = config;
  if (publicOrigin === undefined) return nobody(`Without PUBLIC_ORIGIN, ${name} cannot be read.`);
  const opened = await createSignIn(config, provider)?.sessions.open(text, publicOrigin, now);
  if (opened?.kind === 'valid') {
    return { kind: 'somebody', principal: opened.principal, by: `a sign-in here (${name})` };
  }
  return nobody(
    opened?.kind === 'expired'
      ? `${name} has expired: the link asks the provider again, without a page.`
      : `${name} was not sealed with this LINK_SECRET for ${publicOrigin}.`,
  );
}
