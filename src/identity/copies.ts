// Shared by the isolates of one Cloudflare location. A named cache is apart from what `fetch` and
// visitors' requests leave in the zone's own. On workers.dev it keeps nothing.
// https://developers.cloudflare.com/workers/runtime-apis/cache/
const CACHE = 'portal-link-providers';
const LOADED_AT = 'x-loaded-at';

/** How long a copy serves: half as long as a value in memory counts as fresh (`kept.ts`). */
const COPY_SECONDS = 5 * 60;
// Clocks differ: a neighbour's can be ahead.
const CLOCK_SKEW_SECONDS = 60;

/** What was read of a provider's answer, and when that answer was new. Unix milliseconds. */
export type Loaded<T> = { value: T; at: number };

/** A document that is the same for everybody. Both functions throw an error that says why not. */
export type Published<T> = {
  address: string;
  request: () => Promise<Response>;
  read: (answer: Response) => Promise<T>;
};

/**
 * Loads what a provider publishes: a copy that a neighbouring isolate left, with its age, or else
 * the provider's answer, which is left for the neighbours. A copy that cannot be read counts for
 * nothing, and what cannot be read is never left.
 *
 * @param newer  asks the provider in any case: the copy lacks something
 */
export async function loadPublished<T>(
  { address, request, read }: Published<T>,
  now: number,
  newer: boolean,
): Promise<Loaded<T>> {
  const copy = newer ? undefined : await findCopy(address, now);
  try {
    if (copy) return { value: await read(copy.answer), at: copy.at };
  } catch {
    // The provider is asked.
  }
  const answer = await request();
  const { status, headers } = answer;
  const type = headers.get('content-type') ?? '';
  const text = await answer.text();
  const again = () => new Response(text, { status, headers: { 'content-type': type } });
  const value = await read(again());
  await outlive(leaveCopy(address, again(), now));
  return { value, at: now };
}

/** Lets work go on after the response, for which nobody waits. Node needs nothing of the kind. */
async function outlive(work: Promise<void>): Promise<void> {
  try {
    const { waitUntil } = await import('cloudflare:workers');
    waitUntil(work);
  } catch {
    // Node, where the commands run, has no such module.
  }
}

async function findCopy(
  address: string,
  now: number,
): Promise<{ answer: Response; at: number } | undefined> {
  try {
    const answer = await (await caches.open(CACHE)).match(address);
    const at = Number(answer?.headers.get(LOADED_AT) ?? Number.NaN);
    const seconds = (now - at) / 1000;
    if (!answer || !(seconds > -CLOCK_SKEW_SECONDS && seconds < COPY_SECONDS)) return undefined;
    return { answer, at: Math.min(at, now) };
  } catch {
    // Without a cache, as in Node, each isolate asks the provider.
    return undefined;
  }
}

async function leaveCopy(address: string, answer: Response, now: number): Promise<void> {
  try {
    answer.headers.set(LOADED_AT, String(now));
    answer.headers.set('cache-control', `max-age=${COPY_SECONDS}`);
    await (await caches.open(CACHE)).put(address, answer);
  } catch {
    // As above.
  }
}
