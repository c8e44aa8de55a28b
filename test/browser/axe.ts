import axe, { type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

type Found = { violations: string[]; passes: number };

const findings = `({ violations, passes }) => ({
  violations: violations.map(({ id, help }) => id + ', ' + help),
  passes: passes.length,
})`;

/** What axe finds on the page as it looks now, by all of its rules or by one. */
export async function axeOn(page: Page, rule?: string): Promise<Found> {
  // Half a megabyte, which a page has to read only once.
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axe.source);
  const options: RunOptions = {
    resultTypes: ['violations'],
    ...(rule !== undefined && { runOnly: { type: 'rule', values: [rule] } }),
  };
  return page.evaluate<Found>(`axe.run(document, ${JSON.stringify(options)}).then(${findings})`);
}
