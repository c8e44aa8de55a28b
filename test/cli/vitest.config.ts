import { defineConfig } from 'vitest/config';

// These run wrangler again and again, or a terminal: `npm run test:soak` has the time for it.
const LONG = ['test/cli/production.test.ts', 'test/cli/terminal.test.ts'];

// In Node, where the operator's commands run.
export default defineConfig({
  test: {
    include: process.env['SOAK'] ? LONG : ['test/cli/**/*.test.ts'],
    exclude: process.env['SOAK'] ? [] : LONG,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // The commands that are run spend their time in starting.
    maxWorkers: 3,
    silent: 'passed-only',
  },
});
