import { parseSecureUrl } from '../config/secure-url.ts';

/**
 * Where a customer may be sent back to: a path of ours, or an address on our own or an allowed
 * origin. The parser does the work that a pattern cannot: it knows of backslashes, tabs and
 * newlines, and of what is scheme-relative. https://url.spec.whatwg.org/#concept-basic-url-parser
 *
 * @returns the whole address; null when it is not allowed
 */
export function allowedReturnUrl(
  wanted: string,
  ownOrigin: string,
  allowedOrigins: string[],
): string | null {
  const resolved = URL.parse(wanted, ownOrigin);
  const url = resolved && parseSecureUrl(resolved.href);
  if (!url || ![ownOrigin, ...allowedOrigins].includes(url.origin)) return null;
  return url.href;
}
