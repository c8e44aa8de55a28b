import { waitUntil } from '../wait-until.ts';
import { withinTime } from '../within-time.ts';

// Shared by the isolates of one Cloudflare location. A named cache is apart from what `fetch` and
// visitors' requests leave in the zone's own. On workers.dev it keeps nothing.
// https://developers.cloudflare.com/workers/runtime-apis/cache/
const CACHE = 'portal-link-providers';
const LOADED_AT = 'x-loaded-at';

/** As long as this, a copy spares a question: half as long as a value in memory is fresh (`kept.ts`). */
const RECENT_MILLISECONDS = 5 * 60_000;
/** As long as this, it serves where the provider fails: a value in memory is not used for longer. */
const COPY_SECONDS = 60 * 60;
/** As long as this, a copy is waited for. With the provider's three seconds, a load takes under four. */
const READ_MILLISECONDS = 500;
// Clocks differ: a neighbour's can be ahead.
const CLOCK_SKEW_SECONDS = 60;

/** What was read of a provider's answer, and when that answer was new. Unix milliseconds. */
export type Loaded<T> = {
  value: T;
  at: number;
  /** `failed`: this is an older copy, because the provider has no answer now. */
  provider: 'answered' | 'not_asked' | { failed: unknown };
};

type Copy<T> = Pick<Loaded<T>, 'value' | 'at'>;

/** A document that is the same for everybody. Both functions throw an error that says why not. */
export type Published<T> = {
  address: string;
  request: () => Promise<Response>;
  read: (answer: Response) => Promise<T>;
};

/**
 * Loads what a provider publishes: a recent copy that a neighbouring isolate left, with its age, or
 * else the provider's answer, which is left for the neighbours. If the provider fails, an older
 * copy serves. A copy that cannot be read, or not soon, counts for nothing, and what cannot be read
 * is never left.
 *
 * @param newer  the provider's answer or none: the value that is known lacks something
 */
export async function loadPublished<T>(
  published: Published<T>,
  now: number,
  newer: boolean,
): Promise<Loaded<T>> {
  const held: { copy?: Copy<T> | undefined } = {};
  if (!newer) {
    const reading = (async () => {
      held.copy = await readCopy(published, now);
    })();
    await withinTime(reading, READ_MILLISECONDS, undefined);
  }
  const { copy } = held;
  if (copy && now - copy.at < RECENT_MILLISECONDS) return { ...copy, provider: 'not_asked' };
  try {
    return { value: await askProvider(published, now), at: now, provider: 'answered' };
  } catch (error) {
    // One that came late serves, too.
    if (held.copy) return { ...held.copy, provider: { failed: error } };
    throw error;
  }
}

async function askProvider<T>({ address, request, read }: Published<T>, now: number): Promise<T> {
  const answer = await request();
  const { status, headers } = answer;
  const type = headers.get('content-type') ?? '';
  const text = await answer.text();
  const again = () => new Response(text, { status, headers: { 'content-type': type } });
  const value = await read(again());
  try {
    waitUntil(leaveCopy(address, again(), now));
  } catch {
    // No request runs. The copy is for neighbours: without it they ask.
  }
  return value;
}

async function readCopy<T>(
  { address, read }: Published<T>,
  now: number,
): Promise<Copy<T> | undefined> {
  try {
    const answer = await (await caches.open(CACHE)).match(address);
    const at = Number(answer?.headers.get(LOADED_AT) ?? Number.NaN);
    const seconds = (now - at) / 1000;
    if (!answer || !(seconds > -CLOCK_SKEW_SECONDS && seconds < COPY_SECONDS)) return undefined;
    return { value: await read(answer), at: Math.min(at, now) };
  } catch {
    // It cannot be read. Or there is no cache, as in Node: each isolate asks the provider.
    return undefined;
  }
}

async function leaveCopy(address: string, answer: Response, now: number): Promise<void> {
  try {
    answer.headers.set(LOADED_AT, String(now));
    answer.headers.set('cache-control', `max-age=${COPY_SECONDS}`);
    await (await caches.open(CACHE)).put(address, answer);
  } catch {
    // As where there is no cache.
  }
}
