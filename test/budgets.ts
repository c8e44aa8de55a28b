/**
 * What things may cost: exact figures, which tests hold to. Whoever exceeds one says here why it
 * is worth it. Times are no such figures: `npm run bench` measures them.
 */
export const BUDGETS = {
  /** What a deploy uploads. */
  bundle: {
    // 12 KiB of it are resources of Stripe’s client that nobody calls; see README.md, "Performance".
    gzippedBytes: 109 * 1024,
    packages: ['drizzle-orm', 'hono', 'jose', 'stripe', 'valibot'],
  },
  /** D1 bills rows read; all of these are for a customer with one subscription, keys warm. */
  redirect: { statements: 1, stripeCalls: 1, keyLoads: 0, rowsRead: 6 },
  page: { statements: 1, stripeCalls: 0, keyLoads: 0, rowsRead: 6 },
  webhook: { statements: 4, stripeCalls: 2, keyLoads: 0, rowsRead: 17 },
  /** With nothing missed, after the first fill. */
  cron: { statements: 7, stripeCalls: 1, keyLoads: 0, rowsRead: 14 },
};
