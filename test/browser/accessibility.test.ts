import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSite, type Site } from './site.ts';
import { createStates, goTo, type PageState } from './states.ts';

let site: Site;
let states: PageState[];

beforeAll(async () => {
  site = await startSite();
  states = await createStates(site);
});

afterAll(async () => site?.stop());

it('no page has a fault that axe finds, in light or dark, or is wider than 320 px', async () => {
  const faults: string[] = [];
  for (const state of states) {
    const context = await site.browser.newContext({ locale: 'en-US', colorScheme: 'light' });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) faults.push(message.text());
    });
    await goTo(site, page, state);
    const found = [...(await faultsOf(page)), ...(await darkFaultsOf(page)), await widthOf(page)];
    faults.push(...found.filter(Boolean).map((fault) => `${state.name}: ${fault}`));
    await context.close();
  }
  expect(faults).toEqual([]);
}, 300_000);

/** Our pages have no frames, so axe needs no page of its own to gather what each frame finds. */
const axeFor = (page: Page) => new AxeBuilder({ page }).setLegacyMode();

async function faultsOf(page: Page): Promise<string[]> {
  const { violations } = await axeFor(page).analyze();
  return violations.map(({ id, help }) => `${id}, ${help}`);
}

/** The same page in dark differs in its colours alone. */
async function darkFaultsOf(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'dark' });
  const { violations, passes } = await axeFor(page).withRules('color-contrast').analyze();
  expect(violations.length + passes.length).toBeGreaterThan(0);
  return violations.map(({ id, help }) => `${id} in dark, ${help}`);
}

async function widthOf(page: Page): Promise<string> {
  await page.setViewportSize({ width: 320, height: 600 });
  const width = await page.evaluate<number>('document.documentElement.scrollWidth');
  return width > 320 ? `${width} px wide` : '';
}
