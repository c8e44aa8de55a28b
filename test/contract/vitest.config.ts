import { defineConfig } from 'vitest/config';

// `npm run test:stripe`: one file after the other, so that the pace of five requests a second
// holds for all. `npm test` runs the same files on the stand-in, see test/cli/vitest.config.ts.
export default defineConfig({
  test: {
    include: ['test/contract/**/*.test.ts'],
    fileParallelism: false,
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['verbose'],
  },
});
