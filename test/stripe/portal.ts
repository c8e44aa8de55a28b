import { Hono } from 'hono';
import { cancelInPortal, changeSubscription } from './resources/subscription-changes.ts';
import { endingAt, resume } from './resources/subscription-changes.ts';
import { completeFlow, flowSubscription } from './portal-completion.ts';
import { confirmationPage, flowPage } from './pages/flow.ts';
import { expiredPage } from './pages/expired.ts';
import { isOpen } from './portal-lifetime.ts';
import { newestFirst } from './protocol/lists.ts';
import { page } from './pages/layout.ts';
import { portalPage } from './pages/portal.ts';
import type { Context } from 'hono';
import type { State } from './state.ts';
import type { StoredSession } from './portal-objects.ts';

type Environment = { Variables: { stored: StoredSession } };

/** The pages behind the address of a portal session. */
export function createPortal(state: State) {
  const portal = new Hono<Environment>();

  const useSession = async (context: Context<Environment>, next: () => Promise<void>) => {
    const stored = state.portalSessions.get(context.req.param('token') ?? '');
    if (!stored) return page(expiredPage(null), 404);
    if (!isOpen(stored, state.now())) return page(expiredPage(stored.session.return_url), 410);
    // Looking whether an address answers is no use of the session.
    if (context.req.method !== 'HEAD') stored.lastUsedAt = state.now();
    context.set('stored', stored);
    return next();
  };
  portal.use('/:token', useSession);
  portal.use('/:token/*', useSession);

  portal.get('/:token', async (context) => {
    const { session, flowCompleted } = context.var.stored;
    const customer = state.customers.get(session.customer);
    if (!customer || customer.deleted) return page(expiredPage(session.return_url), 410);
    const { products } = state;
    if (session.flow && !flowCompleted) {
      return page(flowPage(session, session.flow, flowSubscription(state, session.flow), products));
    }
    return page(
      portalPage({
        session,
        customer,
        subscriptions: newestFirst(state.subscriptionsOf(customer.id), session.livemode),
        products,
        canCancel: canCancel(state, session.configuration),
      }),
    );
  });

  portal.post('/:token/expire', (context) => {
    context.var.stored.expired = true;
    return backHome(context);
  });

  portal.post('/:token/complete', async (context) => {
    const { stored } = context.var;
    const { session } = stored;
    const { flow } = session;
    if (!flow || stored.flowCompleted) return backHome(context);
    completeFlow(state, session);
    stored.flowCompleted = true;
    const { type, redirect, hosted_confirmation: confirmation } = flow.after_completion;
    if (type === 'redirect' && redirect) return context.redirect(redirect.return_url, 303);
    if (type === 'portal_homepage') return backHome(context);
    return page(confirmationPage(session, confirmation?.custom_message ?? null));
  });

  for (const action of ['cancel', 'resume'] as const) {
    portal.post(`/:token/${action}`, async (context) => {
      const { session } = context.var.stored;
      const { subscription: id } = await context.req.parseBody();
      const subscription = typeof id === 'string' ? state.subscriptions.get(id) : undefined;
      if (subscription?.customer !== session.customer) return context.notFound();
      const actor = { state, request: null };
      if (action === 'cancel') cancelInPortal(actor, subscription);
      else if (subscription.status === 'paused') resume(actor, subscription);
      else changeSubscription(actor, subscription, endingAt(actor, null, false));
      return backHome(context);
    });
  }

  return portal;
}

function canCancel(state: State, configuration: string): boolean {
  return state.configurations.get(configuration)?.features.subscription_cancel.enabled ?? false;
}

function backHome(context: Context<Environment>): Response {
  return context.redirect(new URL(context.var.stored.session.url).pathname, 303);
}
