/** The checks of how the site's own session reaches the Worker. */
export const sessionChecks = {
  cookie_reach: {
    title: 'Way of the cookie',
    why: 'A browser sends a cookie to the host that set it. Without Domain, it never comes to another one, and with the prefix __Host- it cannot have Domain.',
  },
  session_endpoint: {
    title: 'Session endpoint',
    why: 'The Worker asks it who a visitor is. An answer that it cannot use is an outage for everybody, and one that a cache gives may be another visitor’s.',
  },
} as const;
