import { parseSecureUrl } from '../config/secure-url.ts';

/** Stripe refuses longer ones: “Invalid URL: URL must be 5000 characters or less.” */
export const LONGEST_RETURN_URL = 5000;

/**
 * Where a customer may be sent back to: a path of ours, or an address on our own or an allowed
 * origin. A URL parser decides, not a pattern: it handles backslashes, tabs, newlines and
 * scheme-relative addresses, and percent-encodes what counts against the length.
 * https://url.spec.whatwg.org/#concept-basic-url-parser
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
  return url.href.length > LONGEST_RETURN_URL ? null : url.href;
}
