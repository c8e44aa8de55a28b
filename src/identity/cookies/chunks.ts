import { cookiesNamed } from './named.ts';

// Cloudflare takes request headers of up to 16 KB.
const LONGEST = 16 * 1024;

/**
 * The values of a cookie that frameworks split over `name.0`, `name.1` and so on, because browsers
 * keep 4 KB for each, or write whole. Undefined if a chunk is missing or there twice, or if they are
 * too long together.
 */
export function joinedCookies(name: string, header: string): string[] | undefined {
  const chunks: string[] = [];
  for (let number = 0; ; number += 1) {
    const [chunk, ...others] = cookiesNamed(`${name}.${number}`, header);
    if (others.length > 0) return undefined;
    if (chunk === undefined) break;
    chunks.push(chunk);
  }
  if (chunks.length < countChunks(name, header)) return undefined;
  const joined = chunks.join('');
  if (joined.length > LONGEST) return undefined;
  const whole = cookiesNamed(name, header);
  return chunks.length === 0 ? whole : [...whole, joined];
}

function countChunks(name: string, header: string): number {
  const names = header.split(';').map((pair) => pair.trim().replace(/=.*$/s, ''));
  return new Set(names.filter((each) => each.startsWith(`${name}.`) && /\.\d+$/.test(each))).size;
}
