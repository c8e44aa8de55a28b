const MOST_ENTRIES = 1_000;

/** What was learnt for a proof, in the isolate's memory, by a keyed hash of the proof. */
export type Recall<T> = {
  get(proof: string, now: Date): Promise<T | undefined>;
  put(proof: string, value: T, now: Date): Promise<void>;
};

/** Remembers for so many seconds. The key is the isolate's own: a hash tells nobody a session. */
export function createRecall<T>(seconds: number): Recall<T> {
  const entries = new Map<string, { value: T; until: number }>();
  let key: CryptoKey | undefined;

  async function hash(proof: string): Promise<string> {
    key ??= await crypto.subtle.importKey(
      'raw',
      crypto.getRandomValues(new Uint8Array(32)),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    const bytes = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(proof));
    return String.fromCharCode(...new Uint8Array(bytes));
  }

  return {
    async get(proof, now) {
      if (entries.size === 0) return undefined;
      const entry = entries.get(await hash(proof));
      return entry && now.getTime() < entry.until ? entry.value : undefined;
    },
    async put(proof, value, now) {
      // The oldest goes first: a Map keeps the order of entry.
      const [oldest] = entries.keys();
      if (entries.size >= MOST_ENTRIES && oldest !== undefined) entries.delete(oldest);
      const id = await hash(proof);
      entries.delete(id);
      entries.set(id, { value, until: now.getTime() + seconds * 1000 });
    },
  };
}
