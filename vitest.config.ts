import { readFile } from 'node:fs/promises';
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { Response } from 'miniflare';
import { defineConfig, type Plugin } from 'vitest/config';

// Each test brings its own secrets; wrangler need not warn that .dev.vars has none.
process.env['WRANGLER_LOG'] = 'error';

// Stripe's package has source maps without sources, and Vite would say so for each file.
const stripeWithoutSourceMaps: Plugin = {
  name: 'stripe-without-source-maps',
  enforce: 'pre',
  async load(id) {
    if (!/\/node_modules\/stripe\/.*\.js$/.test(id)) return null;
    const code = await readFile(id, 'utf8');
    return { code: code.replace(/^\/\/# sourceMappingURL=.*$/m, ''), map: null };
  },
};

export default defineConfig(async () => ({
  plugins: [
    stripeWithoutSourceMaps,
    cloudflareTest({
      wrangler: { configPath: './wrangler.toml' },
      miniflare: {
        bindings: { TEST_MIGRATIONS: await readD1Migrations('migrations') },
        // test/setup.ts answers every fetch; whatever slips past it ends here.
        outboundService: (request) => new Response(`Refused: ${request.url}`, { status: 599 }),
      },
    }),
  ],
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', 'test/cli/**'],
    setupFiles: ['test/setup.ts'],
    restoreMocks: true,
    // `npm run test:soak` plays more of them.
    provide: { histories: process.env['SOAK'] ? 1000 : 50 },
    silent: 'passed-only' as const,
  },
}));
