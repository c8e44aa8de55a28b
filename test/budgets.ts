/**
 * What things may cost: exact figures, which tests hold to. A change that exceeds one says here
 * why it is worth it. Times are no such figures: `npm run bench` measures them.
 */
export const BUDGETS = {
  /** What a deploy uploads, also that of an operator who uses the package. */
  bundle: {
    // Since 0.1.0, 5 KiB tell session tokens from others, end revoked links and count mails, and
    // 3 KiB tell kinds of prices, discounts, pauses and what is due apart, in six languages.
    // 4 KiB keep up with any number of events, fill D1 by three lists and settle who is mapped.
    // 17 KiB sign people in at an OpenID provider: 8 are oauth4webapi, 5 jose's encryption, which
    // seals our own cookies, and 4 the rest in six languages.
    // 5 KiB ask a site who a visitor is, and read the cookies of three frameworks.
    // 4 KiB say what is due and lead to the page of an invoice.
    // 5 KiB give pages the shop's own logo, links, language and forms to send again.
    // 4 KiB say who may bill, and which portal they get.
    // 1 KiB says at /healthz how the Worker is, and describes that in OpenAPI.
    // 2 KiB say what somebody has, and what the keys of back ends may do.
    // Less than 1 KiB leaves Stripe's rate limit to visitors in a storm of webhooks.
    // Less than 1 KiB keeps what people came for when they sign in by e-mail, and their language.
    // 1 KiB does the same at every other way to sign in, and asks in words that one can decide by.
    // Less than 1 KiB ends sign-ins that wait for an answer, asks past copies of keys, uses old ones
    // in an outage, and counts mails for each network.
    // Less than 1 KiB makes settings, errors and pages at their first use, and reads international
    // domains without Node.js.
    // 23 KiB of packages that nothing calls are left out (.ci/left-out.ts).
    gzippedBytes: 145 * 1024,
    /** Minified, in KiB, and no other part. An isolate parses all of it before its first answer. */
    parts: {
      stripe: 86,
      'src/pages/languages': 65,
      jose: 38,
      hono: 30,
      'src/customers': 33,
      'src/pages': 33,
      'src/identity': 24,
      'src/config': 24,
      oauth4webapi: 19,
      'src/routes': 24,
      'src/visitor': 17,
      'src/errors': 14,
      valibot: 13,
      'src/http': 15,
      'drizzle-orm': 9,
      'src/links': 8,
      'src/portal': 10,
      'src/stripe': 5,
      'src/mail': 4,
      // index, app, services, limits, scheduled
      src: 5,
      'src/telemetry': 1,
    },
  },
  /** D1 bills rows read; all of these are for a customer with one subscription, keys warm. */
  redirect: { statements: 1, stripeCalls: 1, keyLoads: 0, rowsRead: 6 },
  page: { statements: 1, stripeCalls: 0, keyLoads: 0, rowsRead: 6 },
  /** Only for somebody who may owe: open invoices, and payments that are on their way. */
  owingPage: { statements: 1, stripeCalls: 2, keyLoads: 0, rowsRead: 6 },
  payment: { statements: 1, stripeCalls: 2, keyLoads: 0, rowsRead: 6 },
  webhook: { statements: 4, stripeCalls: 2, keyLoads: 0, rowsRead: 17 },
  /**
   * With nothing missed, after the first fill. One statement forgets yesterday’s mails; two count
   * the backlog and note it, so that /healthz need not.
   */
  cron: { statements: 7, stripeCalls: 1, keyLoads: 0, rowsRead: 12 },
};
