import { launchChromium } from '../site.ts';
import { named, onceLoaded, TEXT, type Driver } from './driver.ts';

/** Starts Chromium, which Playwright drives. Each journey has its own cookies. */
export async function startChromium(): Promise<Driver> {
  const browser = await launchChromium();
  let context = await browser.newContext();
  let page = await context.newPage();
  const find = (name: string) => page.locator(`xpath=${named(name)}`);

  return {
    begin: async () => {
      await context.close();
      context = await browser.newContext();
      page = await context.newPage();
    },
    open: async (address) => void (await page.goto(address)),
    openWithScript: async (address, script) => {
      // Unlike `evaluate()`, which passes for a gesture of the person's.
      await page.addInitScript(onceLoaded(address, script));
      await page.goto(address);
    },
    address: async () => page.url(),
    text: async () => String(await page.evaluate(TEXT)),
    click: async (name, times = 1) => find(name).click({ clickCount: times }),
    press: async (name, key) => find(name).press(key),
    fill: async (label, text) => find(label).fill(text),
    back: async () => {
      // Chromium refuses while it takes the page of another site into the tab.
      await page.waitForLoadState();
      await page.goBack();
    },
    reload: async () => void (await page.reload()),
    stop: async () => browser.close(),
  };
}
