import type { Context } from 'hono';

/** The client's address. Cloudflare sets it on every request, and overwrites what clients send. */
export function clientAddress(c: Context): string | undefined {
  return c.req.header('cf-connecting-ip');
}

/** The network to count for an address: an IPv6 customer has a whole /64 (RFC 6177). */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip;
  const [head = '', tail] = ip.toLowerCase().split('::');
  const groups = head.split(':').filter(Boolean);
  const ending = tail?.split(':').filter(Boolean) ?? [];
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - ending.length) }, () => '0');
  return [...groups, ...zeros, ...ending]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
