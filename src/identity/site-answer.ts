import { BillingError } from '../errors/billing-error.ts';
import { valueAt } from './claim-path.ts';
import type { ClaimPaths } from '../config/site-session.ts';

const ASK_MILLISECONDS = 2_000;
const LONGEST_ANSWER = 64 * 1024;

// What caches say when an answer is one of theirs, in headers such as CF-Cache-Status, X-Cache,
// X-Vercel-Cache and Cache-Status (RFC 9211).
const CACHED = /(?:^|[^a-z])(?:tcp_\w*)?(?:hit|stale|updating|revalidated)(?:$|[^a-z])/i;

/** Why the site's answer does not count: an outage, never "nobody". */
export const unusable = (reason: string) =>
  new BillingError('site_session_unavailable', `The site does not say who this is: ${reason}.`);

/**
 * Asks the session endpoint, with these cookies and nothing else of the visitor's.
 *
 * @throws BillingError `site_session_unavailable`
 */
export async function ask(url: URL, cookie: string, fetcher: typeof fetch): Promise<Response> {
  try {
    return await fetcher(url, {
      headers: { accept: 'application/json', cookie },
      // A redirect means "sign in first", and cookies go to the configured address only.
      redirect: 'manual',
      cache: 'no-store',
      signal: AbortSignal.timeout(ASK_MILLISECONDS),
    });
  } catch (error) {
    throw unusable(error instanceof Error ? error.name : 'unknown');
  }
}

/**
 * The claims in the site's answer; undefined if it says that nobody is signed in.
 *
 * @throws BillingError `site_session_unavailable`
 */
export async function readSession(
  response: Response,
  paths: ClaimPaths,
): Promise<Record<string, unknown> | undefined> {
  const { status, headers } = response;
  if ([204, 401, 403].includes(status) || (status >= 300 && status < 400)) return undefined;
  if (status !== 200) throw unusable(`it answers ${status}`);
  // RFC 9111 §5.1: an answer with an age may be another visitor's.
  const isCached = [...headers].some(
    ([name, value]) => name.includes('cache') && name !== 'cache-control' && CACHED.test(value),
  );
  if (headers.has('age') || isCached) throw unusable('a cache answered for it');
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(headers.get('content-type') ?? '')) {
    throw unusable('its answer is not JSON');
  }
  const session = parse(await readText(response));
  if (session === null) return undefined;
  if (typeof session !== 'object' || Array.isArray(session)) throw unusable('it is no object');
  const claims = Object.entries(paths)
    .map(([claim, path]): [string, unknown] => [claim, valueAt(session, path)])
    .filter(([, value]) => value !== null && value !== undefined);
  const named = Object.fromEntries(claims);
  return 'sub' in named ? named : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unusable('its answer is not JSON');
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > LONGEST_ANSWER) break;
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (error) {
    throw unusable(error instanceof Error ? error.name : 'unknown');
  }
  if (bytes > LONGEST_ANSWER) throw unusable(`its answer is over ${LONGEST_ANSWER} bytes`);
  return text + decoder.decode();
}
