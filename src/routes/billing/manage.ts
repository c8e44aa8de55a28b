import type { Context } from 'hono';
import { Hono } from '../../http/hono.ts';
import type { AppEnv } from '../../http/context.ts';
import { formOnly, navigationOnly, sameOriginOnly, smallBodyOnly } from '../../http/guards.ts';
import { askedLocale } from '../../http/language.ts';
import { chooserFor, lenientIntent, withIntent, type Intent } from '../../portal/intent.ts';
import { openedOf, openStripe } from '../../visitor/open.ts';
import { rememberPortalVisit } from '../../visitor/portal-visit.ts';
import { recogniseVisitor } from '../../visitor/recognise.ts';
import { ownWayBack, wantedWayBack } from '../../visitor/way-back.ts';

// Its pages are for few of those who come.
const signedLink = async () => import('./signed-link.tsx');

/** The permanent link (GET), and the buttons of our own page (POST). */
export const manage = new Hono<AppEnv>()
  .get('/', navigationOnly, async (c) => {
    const tokens = c.req.queries('token');
    return tokens
      ? (await signedLink()).showLink(c, tokens)
      : goToStripe(c, lenientIntent(c.req.query()), c.req.url);
  })
  .post('/', sameOriginOnly, formOnly, smallBodyOnly, async (c) => {
    const form = await c.req.parseBody({ all: true });
    c.set('form', form);
    if (form['token'] !== undefined) return (await signedLink()).openLink(c, form);
    const intent = lenientIntent(form);
    return goToStripe(c, intent, withIntent('/billing/manage', intent));
  });

async function goToStripe(c: Context<AppEnv>, asked: Intent, returnTo: string): Promise<Response> {
  const intent = { ...asked, locale: asked.locale ?? askedLocale(c) };
  const recognition = await recogniseVisitor(c);
  if (recognition.kind !== 'recognised') {
    const { askToSignIn } = await import('../../visitor/sign-in.ts');
    return askToSignIn(c, recognition, returnTo);
  }
  const { principal } = recognition;
  const wayBack = wantedWayBack(c, intent.return_to) ?? ownWayBack(c);
  const request = { principal, intent, wayBack, ifAmbiguous: 'ask' } as const;
  const outcome = await openStripe(c.get('services'), request, new Date());
  if (outcome.kind !== 'opened') {
    c.get('trace').outcome = 'choice';
    return c.redirect(chooserFor({ ...intent, invoice: undefined }), 303);
  }
  c.get('trace').outcome = openedOf(outcome);
  rememberPortalVisit(c, outcome);
  return c.redirect(outcome.url, 303);
}
