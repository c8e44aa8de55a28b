import { defineConfig } from 'vitest/config';

// In Node: real identity software, the built Worker and a real browser.
export default defineConfig({
  test: {
    include: ['test/providers/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // That it is not set up for production.
    onConsoleLog: (line) => !line.startsWith('oidc-provider '),
    silent: 'passed-only',
  },
});
