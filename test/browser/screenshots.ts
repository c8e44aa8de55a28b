// `npm run screenshots`: every state of our pages, narrow and wide, light and dark, for looking at.
import { mkdir } from 'node:fs/promises';
import { startSite } from './site.ts';
import { createStates, goTo } from './states.ts';

const FOLDER = '.wrangler/screenshots';

await mkdir(FOLDER, { recursive: true });
const site = await startSite();
try {
  for (const state of await createStates(site)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [360, 1100]) {
        const viewport = { width, height: 720 };
        const context = await site.browser.newContext({ colorScheme, viewport, locale: 'en-US' });
        const page = await context.newPage();
        await goTo(site, page, state);
        const path = `${FOLDER}/${state.name}-${width}-${colorScheme}.png`;
        await page.screenshot({ path, fullPage: true });
        await context.close();
      }
    }
  }
  console.log(`Screenshots are in ${FOLDER}.`);
} finally {
  await site.stop();
}
