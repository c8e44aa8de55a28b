import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLanguageStates } from './language-states.ts';
import { narrowFaultsOf } from './layout-faults.ts';
import { startSite, type Site } from './site.ts';
import { createStates, goTo, openPage } from './states.ts';

let site: Site;

beforeAll(async () => {
  site = await startSite();
  await site.configure({ HOME_URL: 'https://shop.example.com/' });
  // It makes the people who those of each language are about.
  await createStates(site);
});

afterAll(async () => site?.stop());

// In English, the tests of accessibility look at the same, and at more.
it('every page in every language fits where it is narrow, and in large text', async () => {
  const faults: string[] = [];
  // Each person has one window in each browser: these pages are alike in a new one.
  const windows = new Map<string, Page>();
  for (const state of await createLanguageStates(site)) {
    const browser = `${state.account} ${state.userAgent}`;
    const page = windows.get(browser) ?? (await openPage(site, state));
    windows.set(browser, page);
    await goTo(site, page, state);
    const found = await narrowFaultsOf(page);
    faults.push(...found.map((fault) => `${state.name}: ${fault}`));
  }
  expect(faults).toEqual([]);
}, 300_000);
