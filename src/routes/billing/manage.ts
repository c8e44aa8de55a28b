import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import { lenientIntent, type Intent } from '../../portal/intent.ts';
import { freshSession } from '../../visitor/fresh-session.ts';
import { chooserFor } from './chooser.ts';
import type { AppEnv } from '../../http/context.ts';
import { formOnly, navigationOnly, sameOriginOnly, smallBodyOnly } from '../../http/guards.ts';
import { openLink, showLink } from './signed-link.tsx';
import { rememberPortalVisit } from '../../visitor/portal-visit.ts';
import { askToSignIn } from '../../visitor/sign-in.ts';
import { recogniseVisitor } from '../../visitor/recognise.ts';
import { ownWayBack, wantedWayBack } from '../../visitor/way-back.ts';

/** The permanent link (GET), and the buttons of our own page (POST). */
export const manage = new Hono<AppEnv>()
  .get('/', navigationOnly, async (c) => {
    const tokens = c.req.queries('token');
    return tokens ? showLink(c, tokens) : goToPortal(c, lenientIntent(c.req.query()), c.req.url);
  })
  .post('/', sameOriginOnly, formOnly, smallBodyOnly, async (c) => {
    const form = await c.req.parseBody({ all: true });
    return form['token'] === undefined
      ? goToPortal(c, lenientIntent(form), '/billing')
      : openLink(c, form);
  });

async function goToPortal(c: Context<AppEnv>, intent: Intent, returnTo: string): Promise<Response> {
  const identification = await recogniseVisitor(c);
  if (identification.kind !== 'recognised') return askToSignIn(c, identification, returnTo);
  const outcome = await freshSession(
    c.get('services'),
    identification.identity,
    intent,
    wantedWayBack(c, intent.return_to) ?? ownWayBack(c),
    new Date(),
  );
  if (outcome.kind !== 'opened') {
    c.get('trace').outcome = 'choice';
    return c.redirect(chooserFor(intent), 303);
  }
  c.get('trace').outcome = 'session_opened';
  rememberPortalVisit(c, outcome);
  return c.redirect(outcome.url, 303);
}
