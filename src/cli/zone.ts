import { getDomain } from 'tldts';

// Hosts of different customers are on vercel.app or workers.dev, as on co.uk: browsers take no
// cookie for it (RFC 6265bis §5.5, https://publicsuffix.org).
const SHARED = { allowPrivateDomains: true };

/** The domain that both hosts are in, if one owner may have it; undefined if there is none. */
export function commonZone(one: string, other: string): string | undefined {
  const labels = one.split('.').toReversed();
  const others = other.split('.').toReversed();
  const differs = labels.findIndex((label, index) => label !== others[index]);
  const common = (differs === -1 ? labels : labels.slice(0, differs)).toReversed();
  const zone = common.join('.');
  return getDomain(zone, SHARED) === null ? undefined : zone;
}
