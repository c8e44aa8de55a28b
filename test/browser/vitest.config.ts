import { defineConfig } from 'vitest/config';

// In Node: a real browser against the built Worker, and the commands as they are typed.
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts', 'test/cli/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
