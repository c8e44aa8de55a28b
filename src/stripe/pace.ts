type Limits = { burst: number; perSecond: number };

/** Waits as long as so many requests take, beyond those that may come at once. */
export type Pace = (requests?: number) => Promise<void>;

/** Keeps requests to so many a second over time. */
export function createPace(
  { burst, perSecond }: Limits,
  wait: (ms: number) => Promise<void>,
): Pace {
  let owed = 0;
  let at = Date.now();
  return async (requests = 1) => {
    const now = Date.now();
    owed = Math.max(0, owed - ((now - at) / 1000) * perSecond) + requests;
    at = now;
    if (owed > burst) await wait(((owed - burst) / perSecond) * 1000);
  };
}
