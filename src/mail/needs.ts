/** What signing in by e-mail needs besides the binding EMAIL: settings and rate limits. */
export const EMAIL_SIGN_IN_NEEDS = [
  'EMAIL_FROM',
  'LINK_SECRET',
  'SIGN_IN_BY_ADDRESS',
  'SIGN_IN_BY_CLIENT',
] as const;
