import type { Walked } from '../../customers/fill.ts';
import type { Shell } from '../shell.ts';

// Without a terminal, every so many pages get a line.
const PAGES = 10;

const count = (number: number) => number.toLocaleString('en');

/** Shows how many objects were walked, and how fast: one line that changes, in a terminal. */
export function createProgress({ print, isInteractive }: Pick<Shell, 'print' | 'isInteractive'>) {
  const total: Walked = { customers: 0, subscriptions: 0, checkouts: 0 };
  const began = Date.now();
  let pages = 0;
  const line = () => {
    const { customers, subscriptions, checkouts } = total;
    const seconds = Math.max(1, (Date.now() - began) / 1000);
    const rate = Math.round((customers + subscriptions + checkouts) / seconds);
    return `${count(customers)} customers, ${count(subscriptions)} subscriptions and ${count(checkouts)} checkouts walked; ${count(rate)} a second`;
  };
  const fresh = isInteractive ? '\r\u001B[2K' : '';
  return {
    add({ customers, subscriptions, checkouts }: Walked): void {
      total.customers += customers;
      total.subscriptions += subscriptions;
      total.checkouts += checkouts;
      if (isInteractive) print(`${fresh}${line()}`);
      else if (pages % PAGES === 0) print(`${line()}\n`);
      pages += 1;
    },
    note: (text: string) => print(`${fresh}${text}\n`),
    end: () => print(`${fresh}${line()}\n`),
  };
}

export type Progress = ReturnType<typeof createProgress>;
