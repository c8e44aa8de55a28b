import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, expect } from 'vitest';
import { leaksInLog } from './leaks.ts';
import { installOutside } from './outside.ts';

await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
installOutside();

// Whatever any test makes the Worker log is read.
const leaks: string[] = [];
for (const level of ['log', 'info', 'warn', 'error'] as const) {
  const write = console[level].bind(console);
  console[level] = (...values: unknown[]) => {
    leaks.push(...leaksInLog(values.map(String).join(' ')));
    write(...values);
  };
}
afterEach(() => {
  expect(leaks.splice(0)).toEqual([]);
});
