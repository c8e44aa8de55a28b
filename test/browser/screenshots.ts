// `npm run screenshots`: every state of our pages, and the mail, for looking at: narrow and wide, light
// and dark, in large text, in forced colours and on paper.
// `npm run screenshots -- readme` takes the README's picture of /billing instead.
import { copyFile, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { TAGS } from '../../src/config/languages.ts';
import { createAccountStates } from './account-states.ts';
import { createChallengeStates } from './challenge-states.ts';
import { createLanguageStates } from './language-states.ts';
import { createCustomer, startSite, type Site } from './site.ts';
import { createStates, goTo, openPage, type PageState } from './states.ts';

const FOLDER = '.wrangler/screenshots';
const PICTURE = '.github/billing.png';

type Media = NonNullable<Parameters<Page['emulateMedia']>[0]>;

/** A shop with all that a shop can have. */
const SHOP = {
  HOME_URL: 'https://shop.example.com/',
  LEGAL_LINKS:
    'imprint=https://shop.example.com/imprint, imprint.de=https://shop.example.com/impressum, ' +
    'privacy=https://shop.example.com/privacy, terms=https://shop.example.com/terms, ' +
    'accessibility=https://shop.example.com/accessibility',
};

/** How each state is looked at. One page is enough: nothing but the window and the media change. */
type View = { name: string; width: number; media?: Media; textSize?: string };
const VIEWS: View[] = [
  { name: '1280-light', width: 1280 },
  { name: '1280-dark', width: 1280, media: { colorScheme: 'dark' } },
  { name: '360-light', width: 360 },
  { name: '360-dark', width: 360, media: { colorScheme: 'dark' } },
  { name: '320-light', width: 320 },
  { name: '360-large-text', width: 360, textSize: '200%' },
  { name: '360-forced-colors', width: 360, media: { colorScheme: 'dark', forcedColors: 'active' } },
  { name: '800-print', width: 800, media: { media: 'print' } },
];

const NARROW = VIEWS.filter(({ name }) => name === '360-light');

const site = await startSite();
try {
  if (process.argv[2] === 'readme') await takePicture(site);
  else await takeStates(site);
} finally {
  await site.stop();
}

async function takeStates(running: Site): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await running.configure(SHOP);
  await takeAll(running, await createStates(running));
  await takeAll(running, await createLanguageStates(running), NARROW);
  await takeMails(running);
  await takeAll(running, await createChallengeStates(running));
  const accounts = await createAccountStates(running);
  await takeAll(running, accounts.states);
  accounts.stop();
  console.log(`Screenshots are in ${FOLDER}.`);
}

async function takeAll(running: Site, states: PageState[], views = VIEWS): Promise<void> {
  for (const state of states) {
    const page = await openPage(running, state);
    await goTo(running, page, state);
    await takeViews(page, state.name, views);
    await page.close();
  }
}

async function takeViews(page: Page, name: string, views = VIEWS): Promise<void> {
  for (const view of views) {
    const media = { colorScheme: 'light', forcedColors: 'none', media: 'screen' } as const;
    // Without motion, no button is photographed on its way to another colour.
    await page.emulateMedia({ ...media, reducedMotion: 'reduce', ...view.media });
    await page.setViewportSize({ width: view.width, height: 640 });
    await page.evaluate(`document.documentElement.style.fontSize = '${view.textSize ?? ''}'`);
    await page.screenshot({ path: `${FOLDER}/${name}-${view.name}.png`, fullPage: true });
  }
}

/** The mail in every language, as it was sent. */
async function takeMails({ browser, origin, folder, mailSentBy }: Site): Promise<void> {
  const mails = join(folder, '.wrangler/tmp/email');
  for (const [number, tag] of TAGS.entries()) {
    // Cloudflare's limit of mails to one address counts a minute.
    const address = [
      'ada.lovelace',
      'client.north',
      'client.south',
      'mary.somerville',
      'due',
      'prices',
    ][number];
    const page = await browser.newPage();
    await page.goto(`${origin}/billing/sign-in?locale=${tag}&email=${address}@example.com`);
    await mailSentBy(async () => page.locator('main form button').click());
    const files = (await readdir(mails, { recursive: true })).filter((file) =>
      file.endsWith('.html'),
    );
    const times = await Promise.all(
      files.map(async (file) => (await stat(join(mails, file))).mtimeMs),
    );
    const newest = files[times.indexOf(Math.max(...times))] ?? '';
    await page.close();
    // On a page of ours, its policy would take the mail's styles away.
    const reader = await browser.newPage();
    await reader.setContent(await readFile(join(mails, newest), 'utf8'));
    // For other mail programs.
    await copyFile(join(mails, newest), `${FOLDER}/mail-${tag}.html`);
    await takeViews(reader, `mail-${tag}`);
    await reader.close();
  }
}

/** /billing as a customer with one subscription sees it, who came by a signed link. */
async function takePicture({ stripe, signLink, browser, origin }: Site): Promise<void> {
  await createCustomer(stripe, 'ada', 'Ada Lovelace');
  const page = await browser.newPage({
    colorScheme: 'light',
    locale: 'en-US',
    viewport: { width: 600, height: 400 },
  });
  await page.goto(await signLink({ subject: 'ada', email: 'ada.lovelace@example.com' }));
  await page.getByRole('button', { name: 'Manage subscription' }).click();
  // The first visit says that Ada is back from the portal, the second does not.
  await page.goto(`${origin}/billing`);
  await page.goto(`${origin}/billing`);
  await page.screenshot({ path: PICTURE, fullPage: true });
  console.log(`The README's picture is ${PICTURE}.`);
}
