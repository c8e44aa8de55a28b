import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Builder, By, Key, until, type WebDriver } from 'selenium-webdriver';
import { freePort } from '../site.ts';
import { named, TEXT, type Driver } from './driver.ts';

const PATIENCE_MILLISECONDS = 15_000;
const BEGIN_MILLISECONDS = 12_000;
const SCRIPT_MILLISECONDS = 3000;
const PRESS_MILLISECONDS = 3000;
const ATTEMPTS = 4;
// Large enough for whole pages, so that nothing has to be scrolled to.
const SCREEN = '1400x1600x24';
const PAINTED = `
  const [done] = arguments;
  requestAnimationFrame(() => requestAnimationFrame(() => done()))`;

/** Starts WebKitGTK's own small browser by its WebDriver, on a display that nobody sees. */
export async function startWebKit(webDriver: string, displayServer: string): Promise<Driver> {
  const display = spawn(
    displayServer,
    ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp'],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    },
  );
  const [number] = (await once(display.stdio[3] as NodeJS.ReadableStream, 'data')) as [Buffer];
  const screen = `:${number.toString().trim()}`;
  let session: Session | undefined;

  const driver = (): WebDriver => {
    if (!session) throw new Error('A journey begins with begin().');
    return session.driver;
  };
  const find = async (name: string) => {
    const element = until.elementLocated(By.xpath(named(name)));
    await driver().wait(element, PATIENCE_MILLISECONDS);
    // What is pressed while a page loads leaves that page out of the history, and before it is
    // painted, a click is lost.
    await driver().wait(async () => isLoaded(driver()), PATIENCE_MILLISECONDS);
    await driver()
      .executeAsyncScript(PAINTED)
      .catch(() => undefined);
    return driver().wait(element, PATIENCE_MILLISECONDS);
  };
  const loaded = async (go: () => Promise<void>) => {
    await driver().executeScript('window.isBefore = true');
    await go();
    await driver().wait(async () => isLoaded(driver()), PATIENCE_MILLISECONDS);
  };
  const open = async (address: string) => loaded(async () => driver().get(address));

  return {
    // A browser of its own for each journey: nothing that one loses is missing in the next.
    begin: async () => {
      await session?.end();
      session = await beginSession(webDriver, screen);
    },
    open,
    openWithScript: async (address, script) => {
      await open(address);
      await driver().executeScript(script);
    },
    // getCurrentUrl() has the address of a page that is still on its way, under the old text.
    address: async () => driver().executeScript('return location.href'),
    text: async () => driver().executeScript(`return ${TEXT}`),
    click: async (name, times = 1) => {
      const element = await find(name);
      const twice = async () => driver().actions().doubleClick(element).perform();
      await untilPressed(driver(), times === 2 ? twice : async () => element.click());
    },
    press: async (name, key) => {
      const element = await find(name);
      await untilPressed(driver(), async () =>
        element.sendKeys(key === 'Enter' ? Key.ENTER : Key.SPACE),
      );
    },
    fill: async (label, text) => (await find(label)).sendKeys(text),
    back: async () => driver().navigate().back(),
    reload: async () => loaded(async () => driver().navigate().refresh()),
    stop: async () => {
      await session?.end();
      display.kill();
      if (display.exitCode === null) await once(display, 'exit');
    },
  };
}

// A group of its own gets no signal of a terminal or of .ci/run.
const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach(killGroup));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(1));
}

type Session = { driver: WebDriver; end: () => Promise<void> };

/** A service with one browser. On a busy machine the service can wait for its browser for ever. */
async function beginSession(webDriver: string, screen: string): Promise<Session> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const service = spawn(webDriver, [`--port=${port}`], {
      stdio: 'ignore',
      // A group of its own, with the browser and its helpers.
      detached: true,
      env: { ...process.env, DISPLAY: screen },
    });
    running.add(service);
    const end = async () => endGroup(service);
    const driver = await Promise.race([
      connect(`http://127.0.0.1:${port}`).catch(() => undefined),
      setTimeout(BEGIN_MILLISECONDS),
    ]);
    if (driver) return { driver, end };
    await end();
    if (attempt === ATTEMPTS) throw new Error(`WebKit began no session in ${ATTEMPTS} attempts.`);
  }
}

/** Begins a session as soon as the service listens, and sees that its browser answers. */
async function connect(address: string): Promise<WebDriver> {
  for (let waited = 0; waited < BEGIN_MILLISECONDS; waited += 50) {
    const answer = await fetch(`${address}/status`).catch(() => undefined);
    if (answer?.ok) break;
    await setTimeout(50);
  }
  // WebKitWebDriver 2.50 waits for ever after going back to a page with a
  // Cross-Origin-Opener-Policy, so it must not wait for pages: we do.
  const capabilities = { browserName: 'MiniBrowser', pageLoadStrategy: 'none' };
  const driver = await new Builder().usingServer(address).withCapabilities(capabilities).build();
  // A script that a page takes with it gets no answer.
  await driver.manage().setTimeouts({ script: SCRIPT_MILLISECONDS });
  await driver.manage().window().setRect({ x: 0, y: 0, width: 1300, height: 1500 });
  return driver;
}

/**
 * Presses until the page has seen it. WebKitWebDriver 2.50 loses a click now and then, above all
 * after the page has come from another process.
 */
async function untilPressed(driver: WebDriver, press: () => Promise<void>): Promise<void> {
  await driver.executeScript(`
    window.isPressed = false;
    addEventListener('click', () => { window.isPressed = true; }, true)`);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    await press();
    for (let waited = 0; waited < PRESS_MILLISECONDS; waited += 50) {
      // Another page does not know of it, or has no script to answer with while it comes.
      const isPressed = driver.executeScript('return window.isPressed').catch(() => undefined);
      if ((await isPressed) !== false) return;
      await setTimeout(50);
    }
  }
  throw new Error(`WebKit lost ${ATTEMPTS} presses.`);
}

/** Whether another page has taken the place of the one that was marked. */
async function isLoaded(driver: WebDriver): Promise<boolean> {
  const script = "return !window.isBefore && document.readyState === 'complete'";
  return driver.executeScript<boolean>(script).catch(() => false);
}

async function endGroup(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  if (killGroup(child)) await ended;
}

/** Returns whether it still ran. */
function killGroup(child: ChildProcess): boolean {
  running.delete(child);
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return false;
  return process.kill(-child.pid, 'SIGKILL');
}
