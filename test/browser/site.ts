import { RATE_LIMIT_PAUSES } from '../../src/stripe/client.ts';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { serve, type ServerType } from '@hono/node-server';
import { chromium, type Browser } from 'playwright-core';
import type { Stripe } from 'stripe';
import { createTestHarness } from 'wrangler';
import { createLinkKeys } from '../../src/links/keys.ts';
import { mintLink } from '../../src/links/link.ts';
import type { Flow } from '../../src/portal/flow.ts';
import { createStripe } from '../../src/stripe/client.ts';
import { mailSentBy } from '../local-mails.ts';
import { createIdentityProvider } from '../stripe/identity-provider.ts';
import { portalsOf } from '../stripe/portals-setting.ts';
import { createStandIn, type StandIn } from '../stripe/index.ts';
import { createWorkspace } from '../with-email.ts';
import { otherSite } from './other-site.ts';
import { createStores } from '../../src/customers/stores/index.ts';
import { FILLED } from '../filled.ts';

/** How often a visitor's request asks Stripe while its rate limit refuses. */
export const TRIES = RATE_LIMIT_PAUSES.length + 1;

export const SECRET_KEY = 'sk_test_standin0000000000000000';
export const LINK_SECRET = 'the secret that links are signed with';
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
// The same pages for half the work: it has no windows to draw.
const HEADLESS_SHELL = '/usr/bin/chromium-headless-shell';
// As root in a container there is no sandbox, and nothing is to be fetched in the background.
const CHROMIUM_OPTIONS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

const NAMES = 'subscriber,newcomer,agency,prices,due,overdue,sent,two,first,paid';
export const accounts = NAMES.split(',').map((subject) => ({
  subject,
  email: `${subject}@example.com`,
  name: subject,
  shows: '',
}));

export type Site = Awaited<ReturnType<typeof startSite>>;

/** The built Worker, Stripe's stand-in, a site that links to us, and Chromium without windows. */
export async function startSite() {
  const site = await startWorker();
  const browser = await launchChromium(hasShell() ? HEADLESS_SHELL : CHROMIUM);
  const stop = async () => {
    await browser.close();
    await site.stop();
  };
  return { ...site, browser, stop };
}

const hasShell = () => process.env['CHROMIUM'] === undefined && existsSync(HEADLESS_SHELL);

export const launchChromium = async (executablePath = CHROMIUM): Promise<Browser> =>
  chromium.launch({ executablePath, args: CHROMIUM_OPTIONS.split(' ') });

/** The same without a browser. */
export async function startWorker() {
  process.env['WRANGLER_LOG'] = 'error';
  const port = await freePort();
  const standInOrigin = `http://localhost:${port}`;
  const standIn = createStandIn();
  for (const { features } of standIn.state.configurations.values()) {
    for (const feature of Object.values(features)) feature.enabled = true;
    features.subscription_update.default_allowed_updates = ['price'];
  }
  const provider = await createIdentityProvider({ issuer: standInOrigin, accounts });
  const isProvider = (path: string) => ['/sign-in', '/.well-known/jwks.json'].includes(path);
  const servers = [
    await listen(port, (request) =>
      (isProvider(new URL(request.url).pathname) ? provider : standIn).fetch(request),
    ),
  ];

  const workspace = await createWorkspace();
  const workerWith = (settings: Record<string, string>) => ({
    configPath: workspace.configPath,
    secrets: {
      STRIPE_SECRET_KEY: SECRET_KEY,
      STRIPE_WEBHOOK_SECRET: 'whsec_0123456789',
      LINK_SECRET,
    },
    vars: {
      STRIPE_API_BASE: standInOrigin,
      AUTH_JWKS_URL: `${standInOrigin}/.well-known/jwks.json`,
      AUTH_ISSUER: standInOrigin,
      AUTH_COOKIE: 'session',
      SIGN_IN_URL: `${standInOrigin}/sign-in?return_to={return_to}`,
      PRICING_URL: `${standInOrigin}/pricing`,
      SUPPORT_URL: 'mailto:help@example.com',
      BRAND_NAME: 'Example Shop',
      EMAIL_FROM: 'billing@example.com',
      PORTALS: portalsOf(standIn.state),
      ...settings,
    },
  });
  const harness = createTestHarness({ workers: [workerWith({})] });
  const { url } = await harness.listen();
  const worker = harness.getWorker<{ DB: D1Database }>();
  await worker.applyD1Migrations('DB');
  // The harness runs no cron job.
  await createStores((await worker.getEnv()).DB).cursors.move(FILLED, false);
  const origin = `http://localhost:${url.port}`;
  const otherPort = await freePort();
  servers.push(await listen(otherPort, otherSite(origin).fetch));
  const stripe = createStripe({ secretKey: SECRET_KEY, apiBase: new URL(standInOrigin) });

  return {
    origin,
    standInOrigin,
    otherOrigin: `http://127.0.0.1:${otherPort}`,
    standIn,
    stripe,
    /** A session token of the site with these claims. */
    tokenWith: async (claims: Record<string, unknown>) => {
      const iat = Math.floor(Date.now() / 1000);
      return provider.sign({ iss: standInOrigin, iat, exp: iat + 3600, ...claims });
    },
    signLink: async (wanted: WantedLink, now = new Date()) => signLink(origin, wanted, now),
    /** From now on the Worker has these settings, and remembers nothing. */
    configure: async (settings: Record<string, string>) =>
      harness.update({ workers: [workerWith(settings)] }),
    sessionsMade: () => sessionsMade(standIn),
    /** Where the Worker’s mails are written. */
    folder: workspace.folder,
    mailSentBy: async (act: () => Promise<unknown>) => mailSentBy(workspace.folder, act),
    stop: async () => {
      for (const server of servers) server.close();
      await harness.close();
      await workspace.remove();
    },
  };
}

/** A goal is that of a link which somebody had mailed to themselves. */
type WantedLink =
  | { subject: string; email?: string; flow?: string; goal?: Flow }
  | { customers: string[] };

/** A signed link, as a back end makes one, or as a mail has it. */
async function signLink(origin: string, wanted: WantedLink, now: Date): Promise<string> {
  const [key] = await createLinkKeys([LINK_SECRET])();
  if (!key) throw new Error('There is one key for one secret.');
  const flow = 'subject' in wanted ? wanted.flow : undefined;
  const goal = 'subject' in wanted ? wanted.goal : undefined;
  const mailed = goal && ({ method: 'email', intent: { flow: goal } } as const);
  const link = { principal: wanted, flow, returnTo: undefined, ...mailed };
  const { token } = await mintLink(link, origin, key, now);
  return `${origin}/billing/manage?token=${token}`;
}

function sessionsMade({ requests }: StandIn): number {
  return requests.filter(({ path }) => path === '/v1/billing_portal/sessions').length;
}

/** A customer of the account with as many subscriptions as wanted. */
export async function createCustomer(
  stripe: Stripe,
  subject: string,
  name: string,
  subscriptions = 1,
): Promise<string> {
  const { id } = await stripe.customers.create({
    name,
    email: `${name.toLowerCase().replaceAll(' ', '.')}@example.com`,
    metadata: { user_id: subject },
  });
  const product = await stripe.products.create({ name: 'Example Pro' });
  const price = await stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 2900,
    recurring: { interval: 'month' },
  });
  for (let count = 0; count < subscriptions; count += 1) {
    await stripe.subscriptions.create({ customer: id, items: [{ price: price.id }] });
  }
  return id;
}

/** Serves on a port of loopback. */
export async function listen(
  port: number,
  fetch: (request: Request) => Response | Promise<Response>,
): Promise<ServerType> {
  const server = serve({ fetch, port, hostname: '127.0.0.1' });
  if (!server.listening) await once(server, 'listening');
  return server;
}

/** The number of a port on loopback that is free. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
