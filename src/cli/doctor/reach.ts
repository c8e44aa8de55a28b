import { configOf } from '../settings.ts';
import { CONFIG_FILE } from '../target.ts';
import { ok, warning, type Finding } from './finding.ts';
import { isAboutKeys } from './identity.ts';
import { originOf, type Subject } from './subject.ts';

const FLAG = 'global_fetch_strictly_public';

/**
 * Whether the deployed Worker can fetch the key set. A fetch to its own zone goes to the zone's
 * origin, past Workers on routes, unless the compatibility flag sends it through the front door.
 * https://developers.cloudflare.com/workers/configuration/compatibility-flags/#global-fetch-strictly-public
 */
export function examineReach(subject: Subject): Finding {
  const { target } = subject;
  const keys = keyHost(subject);
  if (target.place === 'local' || keys === undefined) {
    return ok('identity_reach', 'Nothing stands between.');
  }
  if (target.compatibilityFlags.includes(FLAG)) return ok('identity_reach', `${FLAG} is on.`);
  const zone = ownHosts(subject)
    .map((own) => commonZone(own, keys))
    .find(Boolean);
  if (zone === undefined) return ok('identity_reach', `${keys} is in another zone.`);
  return warning(
    'identity_reach',
    `${keys} seems to be in the Worker’s own zone, ${zone}: if a Worker on a route answers there, the keys cannot be fetched.`,
    `Add compatibility_flags = ["${FLAG}"] to ${CONFIG_FILE}, above its first table, and deploy.`,
  );
}

/** The host of the key set, or of the provider whose discovery document names it. */
function keyHost(subject: Subject): string | undefined {
  const auth = configOf(subject, isAboutKeys)?.auth;
  if (auth?.keys.kind === 'jwks') return auth.keys.url.hostname;
  if (auth?.keys.kind !== 'discovered') return undefined;
  return URL.parse(auth.issuer ?? '')?.hostname;
}

function ownHosts(subject: Subject): string[] {
  const origin = URL.parse(originOf(subject) ?? '')?.hostname;
  const routes = subject.target.routes.map((pattern) =>
    pattern.replace(/^https?:\/\//, '').replace(/\/.*$/s, ''),
  );
  return [...(origin === undefined ? [] : [origin]), ...routes];
}

// In these, each customer has a zone below: such as `example.co.uk` and `example.workers.dev`.
const SHARED = /^(?:workers\.dev|pages\.dev|[a-z]{2,3}\.[a-z]{2})$/;

/** The domain that both hosts are in, if one owner may have it; undefined if there is none. */
function commonZone(one: string, other: string): string | undefined {
  const labels = one.split('.').toReversed();
  const others = other.split('.').toReversed();
  const differs = labels.findIndex((label, index) => label !== others[index]);
  const common = (differs === -1 ? labels : labels.slice(0, differs)).toReversed();
  const zone = common.join('.');
  return common.length < 2 || SHARED.test(zone) ? undefined : zone;
}
