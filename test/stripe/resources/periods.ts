import type { Interval, Price } from '../objects.ts';

/** When a period ends that begins at this moment. */
export function nextPeriodEnd({ recurring }: Price, start: number): number {
  const { interval = 'month', interval_count: count = 1 } = recurring ?? {};
  return addInterval(start, interval, count);
}

/** A month later is the same day of the next month, or its last one. */
function addInterval(start: number, interval: Interval, count: number): number {
  const date = new Date(start * 1000);
  if (interval === 'day' || interval === 'week') {
    return start + count * (interval === 'day' ? 1 : 7) * 86_400;
  }
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + count * (interval === 'month' ? 1 : 12));
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0));
  date.setUTCDate(Math.min(day, lastDay.getUTCDate()));
  return Math.floor(date.getTime() / 1000);
}
