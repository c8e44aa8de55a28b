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
    // 6 KiB join the modules, so that a redirect reads half of all this. Two more modules (`src`) keep
    // signing in and the site's answer out of the first answer: 1.78 of a bare Worker's, not 1.82.
    // Less than 1 KiB (`src/http`) remembers what an address matches: 4% of 1,000 first redirects.
    gzippedBytes: 148 * 1024,
    /** Of it, what a new isolate reads before it answers a redirect. */
    redirectGzippedBytes: 72 * 1024,
    /** Minified, in KiB: in all modules, and in those that a redirect loads. There is no other part. */
    parts: {
      stripe: { all: 84, redirect: 84 },
      'src/pages/languages': { all: 56, redirect: 0 },
      jose: { all: 37, redirect: 20 },
      'src/pages': { all: 36, redirect: 0 },
      'src/customers': { all: 33, redirect: 16 },
      hono: { all: 30, redirect: 19 },
      'src/config': { all: 26, redirect: 26 },
      'src/routes': { all: 25, redirect: 4 },
      'src/identity': { all: 24, redirect: 18 },
      oauth4webapi: { all: 19, redirect: 0 },
      'src/visitor': { all: 17, redirect: 11 },
      'src/http': { all: 16, redirect: 11 },
      valibot: { all: 15, redirect: 15 },
      'src/errors': { all: 14, redirect: 1 },
      'src/portal': { all: 10, redirect: 10 },
      'src/links': { all: 9, redirect: 4 },
      'drizzle-orm': { all: 8, redirect: 8 },
      // index, app, services, limits, scheduled, and what joins the modules
      src: { all: 15, redirect: 8 },
      'src/stripe': { all: 5, redirect: 4 },
      'src/mail': { all: 4, redirect: 1 },
      'punycode.js': { all: 3, redirect: 0 },
      'src/telemetry': { all: 1, redirect: 1 },
    },
    /** What must not be in the redirect's module, by the beginning of a path or a package's name. */
    notInRedirect: [
      'src/pages/',
      'hono/dist/jsx/',
      'src/http/fault-page',
      'src/mail/deliver',
      'oauth4webapi/',
      'src/identity/oidc',
      'src/identity/site',
      'src/visitor/sign-in',
      'hono/dist/utils/accept',
      'src/scheduled',
      'src/customers/reconcile',
      'src/customers/events',
      'src/routes/api/openapi',
      'src/routes/api/webhook',
      'src/routes/billing/index',
      'src/routes/billing/sign-in',
      'src/routes/billing/signed-link',
    ],
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
