import { readFile } from 'node:fs/promises';
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { Response } from 'miniflare';
import { defineConfig, type Plugin } from 'vitest/config';
import { bundleFigures } from './test/bundle.ts';
import { keepTemporaryFilesInMemory } from './test/in-memory.ts';
import { pageCode } from './test/page-code.ts';
import { createScribe } from './test/releases/record.ts';

// `npm run test:soak` sets SOAK: it plays more cases, and new ones each time.
const soak = Boolean(process.env['SOAK']);
const seed = Number(process.env['SEED'] ?? (soak ? Date.now() % 2 ** 31 : 1));
if (soak) process.stdout.write(`SEED=${seed} plays these cases again.\n`);

// `npm run record:release` sets it: what the Worker asks D1 is then kept in test/releases/.
const recordsRelease = Boolean(process.env['RECORD_RELEASE']);

const refuseToRecord = () =>
  new Response('Only `npm run record:release` writes test/releases/.', { status: 403 });

keepTemporaryFilesInMemory();

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
    bundleFigures,
    pageCode,
    cloudflareTest({
      wrangler: { configPath: './test/as-it-comes/wrangler.toml' },
      // What is built may be of yesterday.
      main: 'src/index.ts',
      miniflare: {
        // Vitest itself needs Node.js, and the plugin lets it in past the flags of wrangler.toml, but
        // for this module. That the Worker needs none of it is held by test/budgets.test.ts.
        compatibilityFlags: ['enable_nodejs_inspector_module'],
        bindings: { TEST_MIGRATIONS: await readD1Migrations('migrations') },
        serviceBindings: { SCRIBE: recordsRelease ? createScribe() : refuseToRecord },
        // What D1's replicas say once a test stops them (test/database.ts), and what a former
        // release has left (test/migrations.test.ts).
        d1Databases: { REPLICA: 'replica', FORMER: 'former' },
        // test/setup.ts answers every fetch; whatever slips past it ends here.
        outboundService: (request) => new Response(`Refused: ${request.url}`, { status: 599 }),
      },
    }),
  ],
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/browser/**',
      'test/cli/**',
      'test/contract/**',
      'test/doors/**',
      'test/load/**',
      'test/package/**',
      'test/providers/**',
      ...(soak ? [] : ['test/**/*.soak.test.ts']),
    ],
    setupFiles: ['test/setup.ts'],
    restoreMocks: true,
    // For busy machines. No test measures time.
    testTimeout: 30_000,
    // Stripe's client, Hono and Drizzle are loaded once for each worker instead of for each file.
    isolate: false,
    maxWorkers: 2,
    provide: {
      soak,
      seed,
      recordsRelease,
      histories: soak ? 400 : 20,
      fuzzCases: soak ? 1000 : 70,
    },
    silent: 'passed-only' as const,
    // As in the built Worker, one copy of what modules of jose share: its errors are told by class.
    deps: {
      optimizer: {
        ssr: {
          enabled: true,
          include: [
            'jose',
            'jose/base64url',
            'jose/decode/protected_header',
            'jose/errors',
            'jose/jwks/local',
            'jose/jwt/decrypt',
            'jose/jwt/encrypt',
            'jose/jwt/sign',
            'jose/jwt/verify',
          ],
        },
      },
    },
  },
}));
