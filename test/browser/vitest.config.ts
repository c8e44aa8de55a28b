import { defineConfig } from 'vitest/config';

// In Node, with a real browser, against the built Worker.
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
