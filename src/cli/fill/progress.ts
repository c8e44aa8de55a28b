import type { Walked } from '../../customers/fill.ts';
import { count, createProgress } from '../progress.ts';
import type { Shell } from '../shell.ts';

/** Shows how many objects were walked, and how fast. */
export function createFillProgress(shell: Pick<Shell, 'print' | 'isInteractive'>) {
  const total: Walked = { customers: 0, subscriptions: 0, checkouts: 0 };
  const progress = createProgress(shell, (seconds) => {
    const { customers, subscriptions, checkouts } = total;
    const rate = Math.round((customers + subscriptions + checkouts) / seconds);
    return `${count(customers)} customers, ${count(subscriptions)} subscriptions and ${count(checkouts)} checkouts walked; ${count(rate)} a second`;
  });
  return {
    ...progress,
    add({ customers, subscriptions, checkouts }: Walked): void {
      total.customers += customers;
      total.subscriptions += subscriptions;
      total.checkouts += checkouts;
      progress.show();
    },
  };
}

export type FillProgress = ReturnType<typeof createFillProgress>;
