import { Hono } from 'hono/tiny';
import type { AppEnv } from '../../http/context.ts';
import { sameOriginOnly } from '../../http/guards.ts';
import { forgetPortalVisit } from '../../visitor/portal-visit.ts';
import { endSession } from '../../visitor/link-session.ts';

/** Ends our session of a link. Only the site can end its own. */
export const signOut = new Hono<AppEnv>().post('/', sameOriginOnly, (c) => {
  endSession(c);
  forgetPortalVisit(c);
  return c.redirect('/billing', 303);
});
