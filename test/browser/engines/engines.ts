import { existsSync } from 'node:fs';
import type { Driver } from './driver.ts';
import { startFirefox } from './firefox.ts';
import { startWebKit } from './webkit.ts';

const FIREFOX = process.env['FIREFOX'] ?? '/usr/bin/firefox-esr';
const WEBKIT = '/usr/bin/WebKitWebDriver';
const DISPLAY = '/usr/bin/Xvfb';

export type Engine = {
  name: string;
  programs: string[];
  /** What brings them on Debian. */
  packages: string;
  /** It runs only with this variable. */
  onRequest?: string;
  /** Starts the browser, whose person has been on no page of these hosts. */
  start: (hosts: string[]) => Promise<Driver>;
};

/** The engines besides Chromium. */
export const engines: Engine[] = [
  {
    name: 'Firefox',
    programs: [FIREFOX],
    packages: 'firefox-esr',
    start: async () => startFirefox(FIREFOX),
  },
  {
    name: 'WebKit',
    programs: [WEBKIT, DISPLAY],
    packages: 'webkit2gtk-driver xvfb',
    // WebKitWebDriver 2.50 loses pages on a busy machine, and would fail one run in a few.
    onRequest: 'WEBKIT',
    start: async (hosts) => startWebKit(WEBKIT, DISPLAY, hosts),
  },
];

/** Whether the engine is missing, and says so. In CI that is a failure. */
export function isLeftOut({ name, programs, packages, onRequest }: Engine): boolean {
  if (onRequest !== undefined && !process.env[onRequest]) {
    console.error(`NOT RUN: ${name}, which runs with ${onRequest}=1.`);
    return true;
  }
  if (programs.every((program) => existsSync(program))) return false;
  const remedy = `${name} is not installed. On Debian: apt-get install ${packages}`;
  if (process.env['CI']) throw new Error(remedy);
  console.error(`NOT RUN: ${remedy}`);
  return true;
}
