import { launch } from 'puppeteer-core';
import { named, onceLoaded, TEXT, type Driver } from './driver.ts';

/** Starts Firefox, which Puppeteer drives by WebDriver BiDi. Each journey has its own cookies. */
export async function startFirefox(executablePath: string): Promise<Driver> {
  const browser = await launch({
    browser: 'firefox',
    executablePath,
    // As somebody who answers yes when Firefox asks whether to send a form again.
    extraPrefsFirefox: { 'dom.confirm_repost.testing.always_accept': true },
  });
  let context = await browser.createBrowserContext();
  let page = await context.newPage();
  const find = (name: string) => page.locator(`xpath/${named(name)}`);

  return {
    begin: async () => {
      await context.close();
      context = await browser.createBrowserContext();
      page = await context.newPage();
    },
    open: async (address) => void (await page.goto(address)),
    openWithScript: async (address, script) => {
      // Unlike `evaluate()`, which passes for a gesture of the person's.
      await page.evaluateOnNewDocument(onceLoaded(address, script));
      await page.goto(address);
    },
    address: async () => String(await page.evaluate('location.href')),
    text: async () => String(await page.evaluate(TEXT)),
    click: async (name, times = 1) => find(name).click({ count: times }),
    press: async (name, key) => {
      const element = await find(name).waitHandle();
      await element.focus();
      await page.keyboard.press(key);
    },
    fill: async (label, text) => find(label).fill(text),
    back: async () => void (await page.goBack()),
    reload: async () => void (await page.reload()),
    stop: async () => browser.close(),
  };
}
