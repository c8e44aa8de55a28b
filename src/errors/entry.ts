/** What a page says; several codes can mean the same to a visitor. pages/languages/ has the words. */
export type PageMessage =
  | 'signIn'
  | 'notAccepted'
  | 'unfinished'
  | 'denied'
  | 'linkInvalid'
  | 'linkExpired'
  | 'pressButton'
  | 'tooOften'
  | 'notSeen'
  | 'nothingYet'
  | 'notYours'
  | 'notAllowed'
  | 'openAsPage'
  | 'otherSite'
  | 'unreadable'
  | 'nothingHere'
  | 'notReady'
  | 'tryAgain'
  | 'connecting'
  | 'mistake';

/** Where a call to Stripe failed: the key's mode, its dashboard, and Stripe's own message. */
export type Situation = { mode: 'live' | 'test'; dashboard: string; message: string };

/** Everything that there is to say about a code, for each of its readers. */
export type Entry = {
  status: 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 415 | 429 | 500 | 502 | 503;
  /** For visitors. */
  page: PageMessage;
  /** For API clients: `title` and `detail` of the problem (RFC 9457). */
  title: string;
  detail: string;
  /** For API clients, too: seconds, as the header Retry-After (RFC 9110 §10.2.3). */
  retryAfter?: number;
  /** For operators, in the log and the commands. */
  remedy?: string | ((situation: Situation) => string);
};
