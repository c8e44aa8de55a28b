import { formatOf } from '../config-file/formats.ts';
import { configOf } from '../settings.ts';
import { commonZone } from '../zone.ts';
import { ok, warning, type Finding } from './finding.ts';
import { isAboutKeys } from './identity.ts';
import { originOf, type Subject } from './subject.ts';

const FLAG = 'global_fetch_strictly_public';

/**
 * Whether the deployed Worker can fetch the key set, and ask the site who a visitor is. A fetch to
 * its own zone goes to the zone's origin, past Workers on routes, unless the compatibility flag
 * sends it through the front door.
 * https://developers.cloudflare.com/workers/configuration/compatibility-flags/#global-fetch-strictly-public
 */
export function examineReach(subject: Subject): Finding {
  const { target } = subject;
  const hosts = hostsFetched(subject);
  if (target.place === 'local' || hosts.length === 0) {
    return ok('identity_reach', 'Nothing stands between.');
  }
  if (target.compatibilityFlags.includes(FLAG)) return ok('identity_reach', `${FLAG} is on.`);
  const { shown, top } = formatOf(target.configFile);
  const own = ownHosts(subject);
  const near = hosts.flatMap((host) => {
    const zone = own.map((each) => commonZone(each, host)).find(Boolean);
    return zone === undefined ? [] : [{ host, zone }];
  });
  const [first] = near;
  if (!first) return ok('identity_reach', `${hosts.join(', ')}: in another zone.`);
  return warning(
    'identity_reach',
    `${first.host} seems to be in the Worker’s own zone, ${first.zone}: if a Worker on a route answers there, it cannot be reached.`,
    `Add ${shown({ key: 'compatibility_flags', value: [FLAG] })} to ${target.configFile}, ${top}, and deploy.`,
  );
}

/** The hosts of the key set, or of the provider that names it, and of the session endpoint. */
function hostsFetched(subject: Subject): string[] {
  const auth = configOf(subject, isAboutKeys)?.auth;
  if (!auth) return [];
  const { keys, site } = auth;
  const issuer = keys.kind === 'discovered' ? URL.parse(auth.issuer ?? '') : null;
  const isBound = subject.target.services.includes('SITE');
  const urls = [keys.kind === 'jwks' ? keys.url : issuer, isBound ? undefined : site?.url];
  return urls.flatMap((url) => (url ? [url.hostname] : []));
}

function ownHosts(subject: Subject): string[] {
  const origin = URL.parse(originOf(subject) ?? '')?.hostname;
  const routes = subject.target.routes.map((pattern) =>
    pattern.replace(/^https?:\/\//, '').replace(/\/.*$/s, ''),
  );
  return [...(origin === undefined ? [] : [origin]), ...routes];
}
