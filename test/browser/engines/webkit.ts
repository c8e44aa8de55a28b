import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Builder, By, Key, until, type WebDriver } from 'selenium-webdriver';
import { freePort } from '../site.ts';
import { named, TEXT, type Driver } from './driver.ts';

const PATIENCE_MILLISECONDS = 15_000;

/**
 * Starts WebKitGTK's own small browser by its WebDriver, on a display that nobody sees. It has one
 * jar of cookies: those of `hosts` are deleted before each journey.
 */
export async function startWebKit(
  webDriver: string,
  displayServer: string,
  hosts: string[],
): Promise<Driver> {
  const display = spawn(displayServer, ['-displayfd', '3', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = (await once(display.stdio[3] as NodeJS.ReadableStream, 'data')) as [Buffer];
  const port = await freePort();
  const service = spawn(webDriver, [`--port=${port}`], {
    stdio: 'ignore',
    env: { ...process.env, DISPLAY: `:${number.toString().trim()}` },
  });
  const driver = await connect(`http://127.0.0.1:${port}`);
  const find = async (name: string) => {
    const element = until.elementLocated(By.xpath(named(name)));
    await driver.wait(element, PATIENCE_MILLISECONDS);
    // What is pressed while a page loads leaves that page out of the history.
    await driver.wait(async () => isLoaded(driver), PATIENCE_MILLISECONDS);
    return driver.wait(element, PATIENCE_MILLISECONDS);
  };
  const loaded = async (go: () => Promise<void>) => {
    await driver.executeScript('window.isBefore = true');
    await go();
    await driver.wait(async () => isLoaded(driver), PATIENCE_MILLISECONDS);
  };
  const open = async (address: string) => loaded(async () => driver.get(address));

  return {
    begin: async () => {
      for (const host of hosts) {
        await open(host);
        await driver.manage().deleteAllCookies();
      }
    },
    open,
    openWithScript: async (address, script) => {
      await open(address);
      await driver.executeScript(script);
    },
    address: async () => driver.getCurrentUrl(),
    text: async () => driver.executeScript(`return ${TEXT}`),
    click: async (name, times = 1) => {
      const element = await find(name);
      if (times === 2) await driver.actions().doubleClick(element).perform();
      else await element.click();
    },
    press: async (name, key) =>
      (await find(name)).sendKeys(key === 'Enter' ? Key.ENTER : Key.SPACE),
    fill: async (label, text) => (await find(label)).sendKeys(text),
    back: async () => driver.navigate().back(),
    reload: async () => loaded(async () => driver.navigate().refresh()),
    stop: async () => {
      await driver.quit();
      await end(service);
      await end(display);
    },
  };
}

/** Begins a session as soon as the service listens. */
async function connect(address: string): Promise<WebDriver> {
  for (let waited = 0; waited < PATIENCE_MILLISECONDS; waited += 50) {
    const answer = await fetch(`${address}/status`).catch(() => undefined);
    if (answer?.ok) break;
    await setTimeout(50);
  }
  // WebKitWebDriver 2.50 waits for ever after going back to a page with a
  // Cross-Origin-Opener-Policy, so it must not wait for pages: we do.
  const capabilities = { browserName: 'MiniBrowser', pageLoadStrategy: 'none' };
  return new Builder().usingServer(address).withCapabilities(capabilities).build();
}

/** Whether another page has taken the place of the one that was marked. */
async function isLoaded(driver: WebDriver): Promise<boolean> {
  const script = "return !window.isBefore && document.readyState === 'complete'";
  return driver.executeScript<boolean>(script).catch(() => false);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}
