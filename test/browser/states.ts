import type { Site } from './site.ts';
import { createCustomer } from './site.ts';

export type PageState = { name: string; account?: string; path: string };

/** Every state that a page of ours can be in, as somebody gets there. */
export async function createStates({ stripe, standIn }: Site): Promise<PageState[]> {
  const soon = Math.floor(Date.now() / 1000) + 20 * 86_400;
  const customer = await createCustomer(stripe, 'subscriber', 'Ada Lovelace', 6);
  const ids = (await stripe.subscriptions.list({ customer })).data.map(({ id }) => id);
  const changes = [
    { status: 'past_due' },
    { status: 'trialing', trial_end: soon },
    { cancel_at: soon },
    { pause_collection: { behavior: 'void', resumes_at: soon } },
    { status: 'incomplete' },
  ] as const;
  for (const [index, change] of changes.entries()) {
    standIn.state.changeSubscription(ids[index] ?? '', change);
  }
  await createCustomer(stripe, 'agency', 'Client North');
  await createCustomer(stripe, 'agency', 'Client South', 0);
  return [
    { name: 'signed-out', path: '/billing' },
    { name: 'subscriptions', account: 'subscriber', path: '/billing' },
    { name: 'nothing-bought', account: 'newcomer', path: '/billing' },
    { name: 'several-accounts', account: 'agency', path: '/billing' },
    {
      name: 'which-subscription',
      account: 'subscriber',
      path: '/billing?flow=subscription_cancel',
    },
    { name: 'purchase-first', account: 'newcomer', path: '/billing/manage' },
    { name: 'not-yours', account: 'subscriber', path: '/billing/manage?customer=cus_other' },
    { name: 'not-found', account: 'subscriber', path: '/elsewhere' },
    { name: 'german', account: 'subscriber', path: '/billing?locale=de' },
    { name: 'japanese', account: 'subscriber', path: '/billing?locale=ja' },
  ];
}

/** Goes to the state, signed in where it needs somebody. */
export function addressOf({ origin, standInOrigin }: Site, { account, path }: PageState): string {
  const address = origin + path;
  return account === undefined
    ? address
    : `${standInOrigin}/sign-in?account=${account}&return_to=${encodeURIComponent(address)}`;
}
