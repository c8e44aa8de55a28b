import { Hono, type Context } from 'hono';
import { freshSession, type Intent } from '../session.ts';
import { originOf, recognise, type AppEnv } from './context.ts';
import { formOnly, navigationOnly, sameOriginOnly, smallBodyOnly } from './guards.ts';
import { rememberPortalVisit } from './portal-visit.ts';
import { askToSignIn } from './sign-in.ts';

/** The permanent link (GET), and the button of our own page (POST). */
export const manage = new Hono<AppEnv>()
  .get('/', navigationOnly, (c) => goToPortal(c, c.req.query(), c.req.url))
  .post('/', sameOriginOnly, formOnly, smallBodyOnly, async (c) =>
    goToPortal(c, await readForm(c), '/billing'),
  );

async function goToPortal(c: Context<AppEnv>, intent: Intent, returnTo: string): Promise<Response> {
  const identification = await recognise(c);
  if (identification.kind !== 'recognised') return askToSignIn(c, identification, returnTo);
  const outcome = await freshSession(
    c.var.services,
    identification.identity,
    { customer: intent.customer, locale: intent.locale },
    originOf(c),
    new Date(),
  );
  if (outcome.kind === 'several') return c.redirect('/billing', 303);
  rememberPortalVisit(c, outcome.customer);
  return c.redirect(outcome.url, 303);
}

async function readForm(c: Context<AppEnv>): Promise<Intent> {
  const form = await c.req.parseBody();
  const field = (name: string) => (typeof form[name] === 'string' ? form[name] : undefined);
  return { customer: field('customer'), locale: field('locale') };
}
