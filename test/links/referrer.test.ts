import { beforeEach, expect, it } from 'vitest';
import { createLinkWorld, PRESSED, signLink, type LinkWorld } from '../signed-links.ts';
import { SIGNED_OUT, type Person } from '../world.ts';

let world: LinkWorld;
let ada: Person;
let token: string;

beforeEach(async () => {
  world = await createLinkWorld({ SUPPORT_URL: 'https://shop.example/help' });
  ada = await world.somebody();
  token = await signLink({ sub: ada.subject });
});

const now = Math.floor(Date.now() / 1000);
const expired = async () => signLink({ sub: ada.subject, iat: now - 7200, exp: now - 3600 });
const other = async () => (await world.somebody()).browser;
const { 'sec-fetch-user': _click, ...scripted } = PRESSED;

type Open = () => Promise<Response>;
const opened: [page: string, status: number, open: Open][] = [
  ['a link', 200, async () => world.look(token)],
  ['a link where somebody else is signed in', 200, async () => world.look(token, await other())],
  ['an expired link', 410, async () => world.look(await expired())],
  ['a link that was changed', 403, async () => world.look(token.slice(0, -3))],
  ['two links', 403, async () => world.look(`${token}&token=${token}`)],
  ['a link that no person pressed', 403, async () => world.press(token, scripted)],
  [
    'a link that was pressed where somebody else is signed in',
    200,
    async () => world.press(token, { ...(await other()), ...PRESSED }),
  ],
  ['an expired link that was pressed', 410, async () => world.press(await expired())],
  [
    'a link at the page’s address',
    401,
    async () => world.visit(`/billing?token=${token}`, { headers: SIGNED_OUT }),
  ],
  [
    'a link at the sign-in’s address',
    200,
    async () => world.visit(`/billing/sign-in?token=${token}`, { headers: SIGNED_OUT }),
  ],
  [
    'a link at an address that does not exist',
    404,
    async () => world.visit(`/billing/manag?token=${token}`, { headers: SIGNED_OUT }),
  ],
];

it.each(opened)('sends the address of %s to no page', async (_page, status, open) => {
  const response = await open();
  expect(response.status).toBe(status);
  // Not same-origin: the site's own pages, with the scripts of others, are of the same origin.
  expect(['no-referrer', 'strict-origin']).toContain(response.headers.get('referrer-policy'));
  expect(await linksWithReferrer(response)).toEqual([]);
});

it('shows an Origin to our forms, which older browsers need', async () => {
  for (const path of ['/billing', `/billing/manage?token=${token}`, '/billing/sign-in']) {
    const page = await world.visit(path, { headers: ada.browser });
    expect(await page.clone().text()).toContain('<form method="post"');
    expect(page.headers.get('referrer-policy')).toBe('strict-origin');
  }
});

/** Links of a page that say where the visitor comes from, those to our own forms excepted. */
async function linksWithReferrer(page: Response): Promise<string[]> {
  const found: string[] = [];
  const link = (element: Element) => {
    const href = element.getAttribute('href') ?? '';
    if (element.getAttribute('rel') !== 'noreferrer') found.push(href);
  };
  await new HTMLRewriter().on('a', { element: link }).transform(page).text();
  return found;
}
