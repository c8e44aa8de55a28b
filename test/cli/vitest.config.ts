import { defineConfig } from 'vitest/config';

// In Node, where the operator's commands run.
export default defineConfig({
  test: {
    include: ['test/cli/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    silent: 'passed-only',
  },
});
