// `npm run screenshots`: every state of our pages, narrow and wide, light and dark, for looking at.
// `npm run screenshots -- readme` takes the README's picture of /billing instead.
import { mkdir } from 'node:fs/promises';
import { createAccountStates } from './account-states.ts';
import { createCustomer, startSite, type Site } from './site.ts';
import { createStates, goTo, type PageState } from './states.ts';

const FOLDER = '.wrangler/screenshots';
const PICTURE = '.github/billing.png';

const site = await startSite();
try {
  if (process.argv[2] === 'readme') await takePicture(site);
  else await takeStates(site);
} finally {
  await site.stop();
}

async function takeStates(running: Site): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await takeAll(running, await createStates(running));
  const accounts = await createAccountStates(running);
  await takeAll(running, accounts.states);
  accounts.stop();
  console.log(`Screenshots are in ${FOLDER}.`);
}

async function takeAll(running: Site, states: PageState[]): Promise<void> {
  for (const state of states) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [360, 1100]) {
        const viewport = { width, height: 720 };
        const context = await running.browser.newContext({
          colorScheme,
          viewport,
          locale: 'en-US',
        });
        const page = await context.newPage();
        await goTo(running, page, state);
        const path = `${FOLDER}/${state.name}-${width}-${colorScheme}.png`;
        await page.screenshot({ path, fullPage: true });
        await context.close();
      }
    }
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
