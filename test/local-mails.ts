import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

// Wrangler writes each mail that is sent locally into files of its own, one for the text.
const MAILS = '.wrangler/tmp/email';
const PAUSE_MILLISECONDS = 100;
const PATIENCE_MILLISECONDS = 10_000;

/** Passes on the text of each mail that the Worker of this folder sends from now on. */
export async function followMails(
  folder: string,
  take: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const known = new Set(await mails(folder));
  while (!signal.aborted) {
    for (const path of await mails(folder)) {
      if (known.has(path)) continue;
      known.add(path);
      take(await readFile(path, 'utf8'));
    }
    await setTimeout(PAUSE_MILLISECONDS);
  }
}

/** Does something, and returns the text of the mail that the Worker then sends. */
export async function mailSentBy(folder: string, act: () => Promise<unknown>): Promise<string> {
  const stop = new AbortController();
  const texts: string[] = [];
  const following = followMails(folder, (text) => texts.push(text), stop.signal);
  await setTimeout(PAUSE_MILLISECONDS);
  await act();
  for (let waited = 0; waited < PATIENCE_MILLISECONDS; waited += PAUSE_MILLISECONDS) {
    if (texts.length > 0) break;
    await setTimeout(PAUSE_MILLISECONDS);
  }
  stop.abort();
  await following;
  const [text] = texts;
  if (text === undefined) throw new Error('No mail was sent.');
  return text;
}

async function mails(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, MAILS), { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith('.txt')).map((name) => join(folder, MAILS, name));
}
