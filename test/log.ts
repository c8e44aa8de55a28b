import { vi } from 'vitest';
import { leaksInLog } from './leaks.ts';

const leaks: string[] = [];

// Loaded once for each worker: everything that a test makes the Worker log is read.
for (const level of ['log', 'info', 'warn', 'error'] as const) {
  const write = console[level].bind(console);
  console[level] = (...values: unknown[]) => {
    leaks.push(...leaksInLog(values.map(String).join(' ')));
    write(...values);
  };
}

/** What has leaked into the log since this was last called. */
export const takeLeaks = () => leaks.splice(0);

/** What the Worker logs from here on, which then is not printed. */
export function listen(level: 'info' | 'error') {
  const spy = vi.spyOn(console, level).mockImplementation(() => {});
  return () => spy.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
}
