import type { Page } from 'playwright-core';
import type { Site } from './site.ts';
import type { PageState } from './states.ts';

// As large as Turnstile's, which is 300 px wide at least.
// https://developers.cloudflare.com/turnstile/get-started/client-side-rendering/#widget-size
const WIDGET = `
  for (const place of document.querySelectorAll('.cf-turnstile')) {
    const widget = document.createElement('div');
    Object.assign(widget.style, { width: '100%', minWidth: '300px', height: '65px' });
    widget.style.outline = '1px solid';
    place.append(widget);
  }`;

/**
 * From now on the Worker asks for a challenge of Turnstile before it sends a mail: the states of
 * its pages that come of it. They have the customers of `createStates`.
 */
export async function createChallengeStates(site: Site): Promise<PageState[]> {
  await site.configure({ TURNSTILE_SITE_KEY: '1x00AA', TURNSTILE_SECRET_KEY: '1x0000AA' });
  const go = (path: string) => async (page: Page) => {
    await page.route('https://challenges.cloudflare.com/**', async (route) =>
      route.fulfill({ contentType: 'text/javascript', body: WIDGET }),
    );
    await page.goto(site.origin + path);
  };
  const longAgo = new Date(Date.now() - 9e8);
  const expired = await site.signLink({ subject: 'subscriber', email: 'ada@example.com' }, longAgo);
  return [
    { name: 'challenge', path: '/billing', act: go('/billing/sign-in') },
    {
      name: 'challenge-failed',
      path: '/billing',
      act: async (page) => {
        await go('/billing/sign-in')(page);
        await page.getByRole('textbox').fill('ada@example.com');
        await page.getByRole('button', { name: 'Send link' }).click();
        await page.getByRole('button', { name: 'Try again' }).waitFor();
      },
    },
    {
      name: 'link-expired-challenge',
      path: '/billing',
      act: go(expired.slice(site.origin.length)),
    },
  ];
}
