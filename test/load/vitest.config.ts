import { defineConfig } from 'vitest/config';

// In Node, against the built Worker on a real port. `npm run test:soak` runs it.
export default defineConfig({
  test: {
    include: ['test/load/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 60_000,
    // Each measures what a whole machine does.
    fileParallelism: false,
  },
});
