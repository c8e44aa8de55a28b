import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { keepTemporaryFilesInMemory } from '../in-memory.ts';

keepTemporaryFilesInMemory();

// Wrangler is compiled by the first process, and not by each worker and each command.
process.env['NODE_COMPILE_CACHE'] ??= resolve('.wrangler/compiled');

// Wrangler itself, again and again: `npm run test:soak` has the time for it.
const SOAK = 'test/cli/**/*.soak.test.ts';

// In Node, where the operator's commands run.
export default defineConfig({
  test: {
    include: process.env['SOAK'] ? [SOAK] : ['test/cli/**/*.test.ts', 'test/contract/**/*.test.ts'],
    exclude: process.env['SOAK'] ? [] : [SOAK],
    // Here the contract is held against the stand-in, whatever the shell says.
    env: { STRIPE_CONTRACT: '' },
    testTimeout: process.env['SOAK'] ? 600_000 : 120_000,
    hookTimeout: process.env['SOAK'] ? 600_000 : 60_000,
    // Wrangler and Stripe's client are loaded once by each worker, not by each file.
    isolate: false,
    // In soak, tests wait for the processes that they start.
    maxWorkers: process.env['SOAK'] ? 3 : 2,
    silent: 'passed-only',
  },
});
