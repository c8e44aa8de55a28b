import type { Price, Subscription } from '../objects.ts';

/** A moment in seconds as a date in UTC. */
export function formatDate(seconds: number): string {
  const format = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' });
  return format.format(seconds * 1000);
}

export function formatPrice({ currency, unit_amount: amount, recurring }: Price): string {
  if (amount === null) return 'A price that depends on what is used';
  const shown = formatAmount(amount, currency);
  if (!recurring) return shown;
  const { interval, interval_count: count } = recurring;
  return count === 1 ? `${shown} per ${interval}` : `${shown} every ${count} ${interval}s`;
}

export function formatAmount(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

export function formatStatus({ status, cancel_at: end, pause_collection: pause }: Subscription) {
  if (end !== null && status !== 'canceled') return 'cancels soon';
  return pause ? 'paused' : status.replaceAll('_', ' ');
}
