import { AxeBuilder } from '@axe-core/playwright';
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

it.each(['light', 'dark'] as const)(
  'axe finds nothing on any page in %s',
  async (colorScheme) => {
    const found: string[] = [];
    for (const state of states) {
      const context = await site.browser.newContext({ colorScheme, locale: 'en-US' });
      const page = await context.newPage();
      await goTo(site, page, state);
      const { violations } = await new AxeBuilder({ page }).analyze();
      found.push(...violations.map(({ id, help }) => `${state.name}: ${id}, ${help}`));
      await context.close();
    }
    expect(found).toEqual([]);
  },
  120_000,
);

it('no page is wider than 320 px, or logs an error of its policy', async () => {
  const wide: string[] = [];
  for (const state of states) {
    const context = await site.browser.newContext({ viewport: { width: 320, height: 600 } });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) wide.push(message.text());
    });
    await goTo(site, page, state);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    if (width > 320) wide.push(`${state.name} is ${width} px wide`);
    await context.close();
  }
  expect(wide).toEqual([]);
}, 120_000);
