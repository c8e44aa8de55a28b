import { defineConfig } from 'vitest/config';

// The package as operators get it: packed, installed and run in folders outside the repository.
// Only npm's registry is asked, for what the package depends on.
export default defineConfig({
  test: {
    include: ['test/package/**/*.test.ts'],
    globalSetup: ['test/package/pack.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
