import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { beforeEach } from 'vitest';
import { useWorkplace, workplace } from './use-workplace.ts';
import { ADDRESS, fillIn } from './workplace.ts';

export const REDIRECT = '.wrangler/deploy/config.json';
export const path = (name: string) => join(workplace.directory, name);

/** A Worker at Cloudflare whose next version a framework builds. */
export function useFramework(): void {
  useWorkplace(fillIn);
  beforeEach(() => {
    workplace.configure({ PUBLIC_ORIGIN: ADDRESS });
    workplace.cloudflare.createWorker('portal-link', {
      STRIPE_SECRET_KEY: 'x',
      STRIPE_WEBHOOK_SECRET: 'y',
    });
  });
}

/** As Cloudflare's plugin for Vite builds a Worker with wrangler.jsonc. */
export function build(change: object = {}): void {
  const config = parse(workplace.read('wrangler.toml'));
  rmSync(path('wrangler.toml'));
  // Only a framework can bundle this.
  const main = 'workers/app.ts';
  mkdirSync(path('workers'));
  writeFileSync(path(main), "import 'virtual:the-framework/server-build';\n");
  workplace.write('wrangler.jsonc', JSON.stringify({ ...config, main, alias: {} }));
  mkdirSync(path('build'));
  mkdirSync(path('.wrangler/deploy'), { recursive: true });
  writeFileSync(path('build/index.js'), 'export default { fetch: () => new Response("built") };\n');
  writeBuilt(change);
  writeFileSync(path(REDIRECT), JSON.stringify({ configPath: '../../build/wrangler.json' }));
}

/** The build's settings, of the configuration as it is now. */
export function writeBuilt(change: object = {}): void {
  const config = JSON.parse(workplace.read('wrangler.jsonc')) as { vars: object };
  const built = { ...config, main: 'index.js', ...change };
  writeFileSync(path('build/wrangler.json'), JSON.stringify(built));
}
