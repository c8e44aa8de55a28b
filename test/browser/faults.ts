import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { layoutFaultsOf } from './layout-faults.ts';
import type { Site } from './site.ts';
import { goTo, type PageState } from './states.ts';

/**
 * What axe finds on pages in these states, in light or dark, and what does not fit or cannot be made
 * out where they are narrow, in large text, in forced colours or on paper.
 */
export async function faultsOfAll(site: Site, states: PageState[]): Promise<string[]> {
  const faults: string[] = [];
  for (const state of states) {
    const context = await site.browser.newContext({ locale: 'en-US', colorScheme: 'light' });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) faults.push(message.text());
    });
    await goTo(site, page, state);
    const found = [
      ...(await faultsOf(page)),
      ...(await darkFaultsOf(page)),
      ...(await layoutFaultsOf(page)),
    ];
    faults.push(...found.map((fault) => `${state.name}: ${fault}`));
    await context.close();
  }
  return faults;
}

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
  await page.emulateMedia({ colorScheme: 'light' });
  return violations.map(({ id, help }) => `${id} in dark, ${help}`);
}
