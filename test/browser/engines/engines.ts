import { existsSync } from 'node:fs';
import { CHROMIUM } from '../site.ts';
import { startChromium } from './chromium.ts';
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
  start: () => Promise<Driver>;
};

export const engines: Engine[] = [
  { name: 'Chromium', programs: [CHROMIUM], packages: 'chromium', start: startChromium },
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
    start: async () => startWebKit(WEBKIT, DISPLAY),
  },
];

/** Whether the engine is missing, and says so. In CI that is a failure. */
export function isLeftOut({ name, programs, packages }: Engine): boolean {
  if (programs.every((program) => existsSync(program))) return false;
  const remedy = `${name} is not installed. On Debian: apt-get install ${packages}`;
  if (process.env['CI']) throw new Error(remedy);
  console.error(`NOT RUN: ${remedy}`);
  return true;
}
