import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { axeOn } from './axe.ts';
import { layoutFaultsOf } from './layout-faults.ts';
import type { Site } from './site.ts';
import { goTo, openPage, type PageState } from './states.ts';

/**
 * What axe finds on pages in these states, in light or dark, and what does not fit or cannot be made
 * out where they are narrow, in large text, in forced colours or on paper.
 */
export async function faultsOfAll(site: Site, states: PageState[]): Promise<string[]> {
  const faults: string[] = [];
  for (const state of states) {
    const page = await openPage(site, state);
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) faults.push(message.text());
    });
    await goTo(site, page, state);
    const found = [
      ...(await axeOn(page)).violations,
      ...(await darkFaultsOf(page)),
      ...(await layoutFaultsOf(page)),
    ];
    faults.push(...found.map((fault) => `${state.name}: ${fault}`));
    await page.close();
  }
  return faults;
}

/** The same page in dark differs in its colours alone. */
async function darkFaultsOf(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'dark' });
  const { violations, passes } = await axeOn(page, 'color-contrast');
  expect(violations.length + passes).toBeGreaterThan(0);
  await page.emulateMedia({ colorScheme: 'light' });
  return violations.map((violation) => `in dark: ${violation}`);
}
