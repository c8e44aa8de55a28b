import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import { lenientIntent, type Intent } from '../intent.ts';
import { freshSession } from '../session.ts';
import { recognise, type AppEnv } from './context.ts';
import { formOnly, navigationOnly, sameOriginOnly, smallBodyOnly } from './guards.ts';
import { rememberPortalVisit } from './portal-visit.ts';
import { askToSignIn } from './sign-in.ts';
import { ownWayBack, wantedWayBack } from './way-back.ts';

/** The permanent link (GET), and the buttons of our own page (POST). */
export const manage = new Hono<AppEnv>()
  .get('/', navigationOnly, (c) => goToPortal(c, lenientIntent(c.req.query()), c.req.url))
  .post('/', sameOriginOnly, formOnly, smallBodyOnly, async (c) =>
    goToPortal(c, lenientIntent(await c.req.parseBody()), '/billing'),
  );

async function goToPortal(c: Context<AppEnv>, intent: Intent, returnTo: string): Promise<Response> {
  const identification = await recognise(c);
  if (identification.kind !== 'recognised') return askToSignIn(c, identification, returnTo);
  const outcome = await freshSession(
    c.var.services,
    identification.identity,
    intent,
    wantedWayBack(c, intent.return_to) ?? ownWayBack(c),
    new Date(),
  );
  if (outcome.kind !== 'opened') {
    c.var.trace.outcome = 'choice';
    return c.redirect(chooserFor(intent), 303);
  }
  c.var.trace.outcome = 'session_opened';
  rememberPortalVisit(c, outcome);
  return c.redirect(outcome.url, 303);
}

/** The page that asks which, and goes on with the same intent. */
function chooserFor({ flow, locale }: Intent): string {
  const query = new URLSearchParams({ ...(flow && { flow }), ...(locale && { locale }) });
  return query.size > 0 ? `/billing?${query.toString()}` : '/billing';
}
