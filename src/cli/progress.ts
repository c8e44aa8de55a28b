import type { Shell } from './shell.ts';

// Without a terminal, every so many pages get a line.
const PAGES = 10;

export const count = (number: number) => number.toLocaleString('en');

/**
 * Shows how far work has come: one line that changes, in a terminal.
 *
 * @param line  says it, for so many seconds since the beginning (at least 1)
 */
export function createProgress(
  { print, isInteractive }: Pick<Shell, 'print' | 'isInteractive'>,
  line: (seconds: number) => string,
) {
  const began = Date.now();
  const now = () => line(Math.max(1, (Date.now() - began) / 1000));
  const fresh = isInteractive ? '\r\u001B[2K' : '';
  let pages = 0;
  let isShown = false;
  return {
    show(): void {
      isShown = !isInteractive && pages % PAGES === 0;
      if (isInteractive) print(`${fresh}${now()}`);
      else if (isShown) print(`${now()}\n`);
      pages += 1;
    },
    note: (text: string) => print(`${fresh}${text}\n`),
    end(): void {
      if (!isShown) print(`${fresh}${now()}\n`);
    },
  };
}
