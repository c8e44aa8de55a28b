import { TAGS } from '../../src/config/languages.ts';
import type { Flow } from '../../src/portal/flow.ts';
import type { Site } from './site.ts';
import { SAFARI, type PageState } from './states.ts';

/**
 * Pages in every language, for reading: their words fit, and say what they should. They need the
 * customers of `createStates`.
 */
export async function createLanguageStates({ signLink, origin }: Site): Promise<PageState[]> {
  const link = await signLink({ subject: 'subscriber', email: 'ada@example.com' });
  const pay = await signLink({ subject: 'overdue', email: 'mary@example.com', flow: 'pay' });
  const mailed = async (subject: string, goal: Flow) =>
    `${(await signLink({ subject, email: 'ada@example.com', goal })).slice(origin.length)}&`;
  const cancel = await mailed('subscriber', 'subscription_cancel');
  const update = await mailed('agency', 'payment_method_update');
  const pages: PageState[] = [
    { name: 'subscriptions', account: 'subscriber', path: '/billing?' },
    { name: 'prices', account: 'prices', path: '/billing?' },
    { name: 'due', account: 'due', path: '/billing?' },
    { name: 'signed-out', path: '/billing?' },
    { name: 'link-of-another', account: 'agency', path: `${link.slice(origin.length)}&` },
    { name: 'link-of-mail', path: cancel },
    { name: 'link-tick', path: cancel, userAgent: SAFARI },
    { name: 'pay-link-tick', path: `${pay.slice(origin.length)}&`, userAgent: SAFARI },
    { name: 'link-of-mail-choice', path: update },
    { name: 'link-of-mail-of-another', account: 'agency', path: cancel },
    { name: 'link-of-mail-choice-of-another', account: 'subscriber', path: update },
    {
      name: 'which-subscription',
      account: 'subscriber',
      path: '/billing?flow=subscription_cancel&',
    },
    { name: 'email-sign-in', path: '/billing/sign-in?' },
    { name: 'email-sent', path: '/billing/sign-in?sent=a•••@example.com&' },
    { name: 'outage', account: 'overdue', path: '/billing/manage?', refused: 429 },
    { name: 'not-yours', account: 'agency', path: '/billing/manage?customer=cus_other&' },
  ];
  return TAGS.flatMap((tag) =>
    pages.map((page) => ({
      ...page,
      name: `${tag}-${page.name}`,
      path: `${page.path}locale=${tag}`,
    })),
  );
}
