import { databaseChecks } from './database-checks.ts';
import { healthChecks } from './health-checks.ts';
import { openIdChecks } from './openid-checks.ts';
import { portalChecks } from './portal-checks.ts';
import { sessionChecks } from './session-checks.ts';

/** Every check of `npm run doctor`, in its order, and why it matters. */
export const checks = {
  worker_config: {
    title: 'Configuration',
    why: 'The Worker needs its database, its cron job and the names of its secrets; an environment inherits none of them.',
  },
  worker_code: {
    title: 'Code',
    why: 'A Worker whose code does not have portal-link answers none of its addresses, whatever else is set up.',
  },
  plain_secrets: {
    title: 'Secrets in the file',
    why: 'Everybody with access to the repository or the dashboard can read what stands in `vars`. Secrets have a store of their own.',
  },
  rate_limits: {
    title: 'Rate limits',
    why: 'They keep one person from opening sessions without end, and one address from guessing tokens.',
  },
  rate_limit_counters: {
    title: 'Counters of rate limits',
    why: 'Workers of an account that use the same namespace_id count together: visitors of one use up the limit of the other.',
  },
  email_sign_in: {
    title: 'Sign-in by e-mail',
    why: 'With the binding EMAIL alone, the Worker refuses every request.',
  },
  settings: {
    title: 'Settings',
    why: 'One wrong setting stops every address of the Worker but /healthz.',
  },
  settings_placement: {
    title: 'Places of settings',
    why: 'The Worker reads settings from `vars` alone. In TOML, a line belongs to the table above it: behind [[routes]], it is part of a route.',
  },
  local_variables: {
    title: '.dev.vars',
    why: '`wrangler dev` reads only the names that the configuration has.',
  },
  login_link: {
    title: 'Direct links to Stripe',
    why: 'A link to billing.stripe.com is no substitute for this Worker: …/p/login/… asks everybody to prove their e-mail address to Stripe again, and …/p/session/… is one customer’s session, which expires within minutes. The Worker makes a session for each click.',
  },
  sign_in_url: {
    title: 'Sign-in page',
    why: 'Signed-out visitors are sent there and must find the way back.',
  },
  allowed_origins: {
    title: 'Allowed origins',
    why: 'Scripts of these sites may open sessions for signed-in visitors.',
  },
  public_origin: {
    title: 'Public origin',
    why: 'People come back from the portal to this origin, and plain http is sent to it. Without it a requester could choose the host of a link.',
  },
  identity_keys: {
    title: 'Keys of session tokens',
    why: 'Without keys, the Worker cannot identify visitors.',
  },
  identity_audience: {
    title: 'Audience of tokens',
    why: 'A token names who may accept it. Another app of the same provider holds tokens, too.',
  },
  identity_parties: {
    title: 'Authorized parties',
    why: 'Other apps hold tokens that the same key has signed. Theirs must not open billing.',
  },
  identity_roles: {
    title: 'Who may bill',
    why: 'Where organisations are billed, each member can open the billing of theirs, and cancel, unless roles say who may.',
  },
  identity_reach: {
    title: 'Way to the key set',
    why: 'A Worker’s request to its own zone goes past the Workers on its routes, to an origin that may not exist. From your machine, the key set looks fine.',
  },
  identity_cookie: {
    title: 'Session cookie',
    why: 'A browser that follows a link sends cookies only: without one that it knows, the Worker cannot identify the visitor.',
  },
  ...sessionChecks,
  ...openIdChecks,
  cloudflare: {
    title: 'Cloudflare',
    why: 'The Worker, its secrets and its database are looked up there.',
  },
  secrets: {
    title: 'Stored secrets',
    why: 'A Worker that lacks one of them answers every visitor with an error.',
  },
  stripe_key: {
    title: 'Stripe key',
    why: 'Sessions are made with it, for customers of its mode only.',
  },
  stripe_permissions: {
    title: 'Permissions of the key',
    why: 'What a restricted key may not do fails for visitors.',
  },
  stripe_search: {
    title: 'Search at Stripe',
    why: 'The Worker searches for customers that D1 does not have yet. Without search, it waits for the fill, the webhooks and the cron job.',
  },
  ...portalChecks,
  webhook_endpoint: {
    title: 'Webhook endpoint',
    why: 'By it D1 learns at once what changes at Stripe; without it, only the cron job tells.',
  },
  webhook_events: {
    title: 'Webhook events',
    why: 'Of an event that is not sent, D1 learns late; a surplus one is work for nothing.',
  },
  webhook_version: {
    title: 'Webhook API version',
    why: 'Events should have the shape of the API version that the Worker is built for.',
  },
  webhook_deliveries: {
    title: 'Webhook deliveries',
    why: 'Stripe gives up after three days, and switches off an endpoint that keeps failing.',
  },
  webhook_secret: {
    title: 'Webhook secret',
    why: 'Deliveries are refused unless they are signed with it.',
  },
  ...databaseChecks,
  deployment_health: {
    title: 'Deployed Worker',
    why: 'It says itself whether it is complete.',
  },
  ...healthChecks,
  deployment_headers: {
    title: 'Headers of its pages',
    why: 'They keep sessions out of caches, frames and referrers; a proxy may have removed them.',
  },
  portal_session: {
    title: 'Session for a customer',
    why: 'It is what a visitor gets: D1 knows the customer, Stripe has it, the portal opens.',
  },
} as const satisfies Record<string, { title: string; why: string }>;

export type Check = keyof typeof checks;
