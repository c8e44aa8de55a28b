/** Whether a URL's hostname names this very machine (RFC 6761 §6.3, RFC 1122 §3.2.1.3). */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

/** Whether this is http on a loopback host: a developer's machine without https. */
export function isPlainLoopback({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && isLoopback(hostname);
}

/** Parses an absolute address that may carry secrets: https, or http on a loopback host. */
export function parseSecureUrl(text: string): URL | null {
  const url = URL.parse(text);
  if (!url || url.username || url.password) return null;
  return url.protocol === 'https:' || isPlainLoopback(url) ? url : null;
}
