import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

// Wrangler writes each mail that is sent locally into files of its own, one for the text.
const FOLDER = '.wrangler/with-email/.wrangler/tmp/email';
const PATIENCE_MILLISECONDS = 10_000;

type Mail = { path: string; at: number };

/** Waits for the first mail that is sent from now on, and reads its text. */
export async function nextMail(send: () => Promise<unknown>): Promise<string> {
  const before = new Set((await mails()).map(({ path }) => path));
  await send();
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  while (Date.now() < deadline) {
    const [mail] = (await mails()).filter(({ path }) => !before.has(path));
    if (mail) return readFile(mail.path, 'utf8');
    await setTimeout(50);
  }
  throw new Error('No mail was sent.');
}

async function mails(): Promise<Mail[]> {
  const names = await readdir(FOLDER, { recursive: true }).catch(() => []);
  const paths = names.filter((name) => name.endsWith('.txt')).map((name) => join(FOLDER, name));
  const found = await Promise.all(
    paths.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })),
  );
  return found.toSorted((one, other) => one.at - other.at);
}
