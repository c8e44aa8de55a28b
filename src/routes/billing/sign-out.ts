import { Hono } from 'hono/tiny';
import type { AppEnv } from '../../http/context.ts';
import { sameOriginOnly } from '../../http/guards.ts';
import { forgetPortalVisit } from '../../visitor/portal-visit.ts';
import { endSession } from '../../visitor/recognise.ts';

/** Ends the session that came of a link. The site's own session is the site's to end. */
export const signOut = new Hono<AppEnv>().post('/', sameOriginOnly, (c) => {
  endSession(c);
  forgetPortalVisit(c);
  return c.redirect('/billing', 303);
});
