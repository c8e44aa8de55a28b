const ENOUGH_MILLISECONDS = 7_000;

/** The local rate limiter counts by the clock's minute: waits for the next if this one is ending. */
export async function earlyInTheMinute(): Promise<void> {
  const left = 60_000 - (Date.now() % 60_000);
  if (left < ENOUGH_MILLISECONDS) await new Promise((resolve) => setTimeout(resolve, left + 100));
}
