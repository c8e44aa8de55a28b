import type { SiteSession } from '../config/site-session.ts';
import { BillingError } from '../errors/billing-error.ts';
import { ask, readSession } from '../identity/site-answer.ts';

const MADE_UP = 'made-up-by-doctor';

/** What a session endpoint answers to a cookie that is made up. */
export type SiteProbe =
  /** As it should. `caching` is its Cache-Control. */
  | { kind: 'nobody'; status: number; caching: string | null }
  /** Everybody would get this account. */
  | { kind: 'somebody' }
  /** It redirects away from this path or host, as a redirect for everybody does. */
  | { kind: 'moved'; to: URL; isSamePath: boolean }
  | { kind: 'broken'; reason: string };

/** Asks the site's session endpoint about a cookie that is made up, as the Worker would. */
export async function probeSite({ url, cookies, claims }: SiteSession): Promise<SiteProbe> {
  const cookie = cookies.map((name) => `${name.replace('*', 'doctor')}=${MADE_UP}`).join('; ');
  try {
    const response = await ask(url, cookie, fetch);
    const moved = redirection(response, url);
    if (moved) return moved;
    const { status, headers } = response;
    const caching = headers.get('cache-control');
    const isSomebody = await readSession(response, claims);
    return isSomebody ? { kind: 'somebody' } : { kind: 'nobody', status, caching };
  } catch (error) {
    if (!(error instanceof BillingError)) throw error;
    return { kind: 'broken', reason: error.message.replace(/\.$/, '') };
  }
}

/**
 * A redirect means "sign in first". One to another host, or to the same path spelt otherwise, is
 * meant for everybody: then the Worker never recognises anybody.
 */
function redirection({ status, headers }: Response, url: URL): SiteProbe | undefined {
  const location = headers.get('location');
  if (status < 300 || status >= 400 || location === null) return undefined;
  const to = URL.parse(location, url);
  if (!to) return undefined;
  const isSamePath = bare(to.pathname) === bare(url.pathname);
  return to.host === url.host && !isSamePath ? undefined : { kind: 'moved', to, isSamePath };
}

const bare = (path: string) => path.replace(/\/$/, '');

/** Without the query, which may hold what others should not read. */
export const addressOf = ({ origin, pathname }: URL) => `${origin}${pathname}`;
