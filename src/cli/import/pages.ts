import { Cancelled } from '../problem.ts';
import { runPages } from '../pages.ts';
import { count, createProgress } from '../progress.ts';
import type { Shell } from '../shell.ts';

// What one statement takes: D1 takes values of up to 2 MB.
// https://developers.cloudflare.com/d1/platform/limits/
const MOST_ROWS = 1_000;
const MOST_CHARACTERS = 400_000;

type Row = { named: string; subject: string };

/** Splits rows into pages that go into one statement each. */
export function pagesOf<Each extends Row>(rows: Each[], most = MOST_ROWS): Each[][] {
  const pages: Each[][] = [];
  let characters = 0;
  for (const row of rows) {
    const own = row.named.length + row.subject.length;
    const page = pages.at(-1);
    if (page && page.length < most && characters + own <= MOST_CHARACTERS) {
      page.push(row);
      characters += own;
    } else {
      pages.push([row]);
      characters = own;
    }
  }
  return pages;
}

/**
 * Does a step for each page of rows, and shows how far it has come.
 *
 * @param done  what the rows are then, such as `mapped`
 * @throws BillingError
 * @throws Cancelled after Ctrl-C; the pages before are done
 */
export async function forEachPage<Each extends Row>(
  shell: Shell,
  livemode: boolean,
  pages: Each[][],
  done: string,
  step: (page: Each[]) => Promise<void>,
): Promise<void> {
  const all = pages.reduce((sum, { length }) => sum + length, 0);
  let rows = 0;
  let next = 0;
  const progress = createProgress(shell, (seconds) => {
    const rate = Math.round(rows / seconds);
    return `${count(rows)} of ${count(all)} ${done}; ${count(rate)} a second`;
  });
  try {
    const end = await runPages(shell, livemode, {
      next: async () => {
        const page = pages[next];
        if (!page) return 'complete';
        await step(page);
        next += 1;
        rows += page.length;
        progress.show();
        return 'more';
      },
      note: progress.note,
      stopping: 'Stopping after this page. What is done is kept.',
    });
    if (end === 'stopped') throw new Cancelled();
  } finally {
    progress.end();
  }
}
