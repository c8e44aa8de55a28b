/** The checks of a Worker that signs people in at an OpenID provider. */
export const openIdChecks = {
  openid_discovery: {
    title: 'OpenID provider',
    why: 'Its discovery document says where people sign in, and names the issuer that its tokens must have.',
  },
  openid_redirect: {
    title: 'Registered address',
    why: 'A provider sends nobody to an address that is not registered: without it, every sign-in ends on an error page.',
  },
  openid_client: {
    title: 'Client secret',
    why: 'The provider gives tokens only to a client that proves itself: with a wrong secret, everybody signs in and comes back to an error.',
  },
  openid_scopes: {
    title: 'Scopes',
    why: 'Some providers refuse a sign-in that asks for a scope they do not have.',
  },
  openid_claims: {
    title: 'Claims',
    why: 'The ID token must say who signed in, and which customer, if the site signs that into it.',
  },
  openid_clock: {
    title: 'Clocks',
    why: 'A token of a provider whose clock is more than 60 seconds ahead or behind can be refused.',
  },
} as const;
