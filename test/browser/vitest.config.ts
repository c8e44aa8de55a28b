import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Short files that take long. Last, as they would be by their size, each would run alone.
const LONGEST = [/\/engines\//, /\/accessibility/];
const rank = ({ moduleId }: TestSpecification) => {
  const found = LONGEST.findIndex((pattern) => pattern.test(moduleId));
  return found === -1 ? LONGEST.length : found;
};

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((one, other) => rank(one) - rank(other));
  }
}

// In Node, with a real browser, against the built Worker.
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // A browser's driver loses its page now and then on a busy machine.
    retry: process.env['CI'] ? 1 : 0,
    sequence: { sequencer: LongestFirst },
  },
});
