import { vi } from 'vitest';
import { RATE_LIMIT_PAUSES } from '../src/stripe/client.ts';

const realTimeout = globalThis.setTimeout;
const turn = () => new Promise((resolve) => realTimeout(resolve, 1));

/** Waits until this holds, by the real clock. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

/**
 * Stops timers and `AbortSignal.timeout` until the test ends: time then passes by `pass` alone.
 * D1 and cryptography take the time that they take.
 */
export function stopClock() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
    const controller = new AbortController();
    const timeOut = () => controller.abort(new DOMException('Timed out', 'TimeoutError'));
    setTimeout(timeOut, milliseconds);
    return controller.signal;
  });

  /** Waits until so many timers run, and then lets this many milliseconds pass. */
  async function pass(milliseconds: number, running = 1): Promise<void> {
    await until(() => vi.getTimerCount() >= running);
    await vi.advanceTimersByTimeAsync(milliseconds);
    await turn();
  }

  return { pass };
}

/**
 * Lets pauses of exactly these lengths pass at once, for `performance.now` as well. All other timers
 * run as they are.
 */
export function skipPauses(...lengths: number[]): void {
  const now = performance.now.bind(performance);
  let skipped = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now() + skipped);
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((
    run: (...values: unknown[]) => void,
    wait = 0,
    ...values: unknown[]
  ) => {
    const isSkipped = lengths.includes(wait);
    if (isSkipped) skipped += wait;
    return realTimeout(run, isSkipped ? 0 : wait, ...values);
  }) as typeof setTimeout);
}

/** Skips the pauses before further tries of what Stripe refuses: its client's own, and ours. */
export const skipTries = () => skipPauses(500, ...RATE_LIMIT_PAUSES);
