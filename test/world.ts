import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createRunner } from '../src/customers/database.ts';
import { moveCursor } from '../src/customers/stores/cursors.ts';
import { createStores } from '../src/customers/stores/index.ts';
import { syncCustomer } from '../src/customers/sync.ts';
import worker from '../src/index.ts';
import { runScheduled } from '../src/scheduled.ts';
import { createLinkStore } from '../src/links/store.ts';
import { watch } from './database.ts';
import { FILLED } from './filled.ts';
import { leaksInAnswer } from './leaks.ts';
import { moveToNewLocation } from './location.ts';
import { openOutside } from './outside.ts';
import { createRecorder } from './releases/scenarios.ts';
import { createStandIn } from './stripe/index.ts';
import { createIdentityProvider } from './stripe/identity-provider.ts';
import { createStripe } from '../src/stripe/client.ts';

export const ORIGIN = 'https://shop.example';
export const ISSUER = 'https://id.example';
export const TEST_KEY = 'sk_test_standin0000000000000000';
export const WEBHOOK_SECRET = 'whsec_0123456789abcdef0123456789abcdef';
export const LIVE_KEY = 'sk_live_standin0000000000000000';

const SETTINGS = {
  STRIPE_SECRET_KEY: TEST_KEY,
  STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
  AUTH_JWKS_URL: `${ISSUER}/.well-known/jwks.json`,
  AUTH_ISSUER: ISSUER,
  AUTH_AUDIENCE: 'shop',
  AUTH_COOKIE: 'session',
  SIGN_IN_URL: `${ISSUER}/sign-in?return_to={return_to}`,
  PRICING_URL: `${ORIGIN}/pricing`,
  SUPPORT_URL: 'mailto:help@shop.example',
  BRAND_NAME: 'Example Shop',
};

type Kept = { id: string; subject: string; name?: string; email?: string; createdAt?: number };

let people = 0;

/** A Worker with its own Stripe account and identity provider; D1 is shared by a file's tests. */
export async function createWorld(settings: Record<string, unknown> = {}) {
  const stripe = createStandIn();
  const provider = await createIdentityProvider({ issuer: ISSUER, audience: 'shop', accounts: [] });
  const outside = new Map([
    ['api.stripe.com', stripe.fetch],
    ['billing.stripe.com', stripe.fetch],
    ['invoice.stripe.com', stripe.fetch],
    ['id.example', provider.fetch],
  ]);
  openOutside(outside);
  moveToNewLocation();
  const record = createRecorder();
  const { database, queries, sessions, faults, lag, freeze } = watch(env.DB, env.REPLICA);
  // Not the rest of `env`: a developer's .dev.vars must not change what the tests see.
  let bindings = { DB: record(database), ...SETTINGS, ...settings } as Env;
  /** Changes the environment, as a deploy does: whatever was built from the old one is gone. */
  const configure = (changes: Partial<Env>) => {
    bindings = { ...bindings, ...changes };
  };
  const api = createStripe({ secretKey: TEST_KEY, apiBase: undefined });
  const liveApi = createStripe({ secretKey: LIVE_KEY, apiBase: undefined });
  const stores = createStores(record(env.DB));
  const links = createLinkStore(record(env.DB));
  // Without an event's cursor, the first run of the cron job begins a fill all the same.
  await createRunner(record(env.DB)).transact(
    [false, true].flatMap((livemode) => FILLED.map((move) => moveCursor(move, livemode))),
  );

  /**
   * Sends a request as it stands to the Worker; redirects are not followed. `answered` is called
   * with the answer, before what goes on after it. `person` is who the browser is of, by subject
   * and address: they may be seen where no token names them.
   */
  async function visit(
    path: string,
    init: RequestInit = {},
    answered: () => void = () => {},
    person: string[] = [],
  ): Promise<Response> {
    const context = createExecutionContext();
    const request = new Request(new URL(path, ORIGIN), { redirect: 'manual', ...init });
    const response = await worker.fetch(request, bindings, context);
    answered();
    await waitOnExecutionContext(context);
    const { status, headers } = response;
    const body = await response.clone().text();
    const leaks = leaksInAnswer(request, { status, headers, body }, textOf(init.body), person);
    if (leaks.length > 0) throw new Error(`Leaked: ${leaks.join(', ')}`);
    return response;
  }

  /** Runs the cron job once. It calls Stripe without the pauses in between, unless `wait` is given. */
  const runCron = async (now = new Date(), wait = async (_milliseconds: number) => {}) =>
    runScheduled(bindings, now, false, wait);

  /** Claims that the Worker accepts, for tokens that are to be spoilt in one place. */
  function claims(subject: string): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1000);
    return { sub: subject, iss: ISSUER, aud: 'shop', iat: now, exp: now + 3600 };
  }

  /** Puts a customer into D1 as if a sync had read it. */
  const keep = async (customer: Kept, livemode = false) => keepAll([customer], livemode);

  async function keepAll(customers: Kept[], livemode = false): Promise<void> {
    const ids = customers.map(({ id }) => id);
    const tickets = await stores.syncs.takeTickets(ids, livemode, new Date());
    const ticketOf = new Map(tickets.map(({ id, ticket }) => [id, ticket]));
    const unsaid = { name: null, email: null, createdAt: 1, subscriptions: [] };
    const states = customers.map((customer) => {
      const ticket = ticketOf.get(customer.id)!;
      return { kind: 'living' as const, ...unsaid, livemode, ...customer, ticket };
    });
    await stores.syncs.write(states, new Date());
  }

  /** Somebody new, with as many customers at Stripe and in D1 as wanted. */
  async function somebody({ customers = 1 } = {}) {
    people += 1;
    const subject = `user_${people}`;
    const ids: string[] = [];
    for (let number = 1; number <= customers; number += 1) {
      const name = `Account ${number} of ${subject}`;
      const email = `${subject}.${number}@example.com`;
      const customer = await api.customers.create({ name, email, metadata: { user_id: subject } });
      await keep({ id: customer.id, subject, name, email, createdAt: customer.created + number });
      ids.push(customer.id);
    }
    return { customer: ids[0] ?? '', customers: ids, ...(await visitor(subject)) };
  }

  /** Somebody with a token of the site; `more` are claims besides. */
  async function visitor(subject: string, more: Record<string, unknown> = {}) {
    const token = await provider.sign({ ...claims(subject), ...more });
    return {
      subject,
      token,
      /** Headers of a browser that is signed in and follows a link. */
      browser: {
        accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
        cookie: `session=${token}`,
        'sec-fetch-dest': 'document',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-site': 'cross-site',
      },
      bearer: { authorization: `Bearer ${token}` },
    };
  }

  let price: Promise<{ id: string }> | undefined;

  /** Subscribes a customer at Stripe to the one product there is. */
  async function subscribe(customer: string, metadata: Record<string, string> = {}) {
    price ??= api.products.create({ name: 'Pro' }).then(async (product) =>
      api.prices.create({
        product: product.id,
        currency: 'usd',
        unit_amount: 2900,
        recurring: { interval: 'month' },
      }),
    );
    return api.subscriptions.create({ customer, items: [{ price: (await price).id }], metadata });
  }

  /** Customers who were there before us; every fifth has a subscription. */
  async function fillAccount(customers: number): Promise<void> {
    const { id: first } = stripe.create('/v1/customers', { metadata: { user_id: 'filled 0' } });
    const [item] = (await subscribe(first)).items.data;
    for (let number = 1; number < customers; number += 1) {
      const metadata = { user_id: `filled ${number}` };
      const { id: customer } = stripe.create('/v1/customers', { metadata });
      if (number % 5 > 0) continue;
      stripe.create('/v1/subscriptions', { customer, items: [{ price: item!.price.id }] });
    }
  }

  const sync = async (id: string) =>
    syncCustomer(
      id,
      {
        stripe: api,
        stores,
        config: { livemode: false, customerMetadataKey: 'user_id' },
      },
      new Date(),
    );

  /** Lets a statement fail with D1's words, after so many that do not. */
  const failQuery = (message: string, after = 0) => {
    faults.push(...Array.from({ length: after }, () => null), message);
  };

  /** Switches every feature of the portal on. */
  const allowAllFlows = () => {
    for (const { features } of stripe.state.configurations.values()) {
      for (const feature of Object.values(features)) feature.enabled = true;
    }
  };

  /** A customer as it stands in D1. */
  const row = async (id: string) =>
    env.DB.prepare('select * from customers where id = ?').bind(id).first();

  /** Whose portal somebody with these headers is sent to by the link; undefined if to none. */
  async function openedBy(headers: Record<string, string>) {
    const response = await visit('/billing/manage', { headers });
    const location = response.headers.get('location');
    if (!location?.startsWith('https://billing.stripe.com/')) return undefined;
    return callsTo('/v1/billing_portal/sessions').at(-1)?.parameters['customer'];
  }

  /** The calls of one kind that reached Stripe. */
  const callsTo = (path: string) => stripe.requests.filter((request) => request.path === path);
  const sessionsMade = () => callsTo('/v1/billing_portal/sessions').length;

  type Answer = (request: Request) => Promise<Response>;

  /** Replaces the provider's answers. */
  const replaceProvider = (answer: Answer, impersonated?: Answer) => {
    outside.set('id.example', answer);
    if (impersonated) outside.set('evil.example', impersonated);
  };

  /** Lets this answer at a host, in place of what answered there until now. */
  const answerAt = (host: string, answer: Answer) => void outside.set(host, answer);

  /** Keeps Stripe from answering calls to this path, until the function that it returns is called. */
  function holdStripe(path: string): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    answerAt('api.stripe.com', async (request) => {
      if (new URL(request.url).pathname === path) await promise;
      return stripe.fetch(request);
    });
    return resolve;
  }

  return {
    stripe,
    provider,
    replaceProvider,
    answerAt,
    holdStripe,
    api,
    liveApi,
    stores,
    links,
    queries,
    sessions,
    lag,
    freeze,
    database,
    configure,
    visit,
    runCron,
    claims,
    keep,
    keepAll,
    somebody,
    visitor,
    subscribe,
    allowAllFlows,
    fillAccount,
    sync,
    row,
    failQuery,
    openedBy,
    callsTo,
    sessionsMade,
  };
}

export type World = Awaited<ReturnType<typeof createWorld>>;
export type Person = Awaited<ReturnType<World['somebody']>>;

/** Headers of a browser that nobody is signed in with. */
export const SIGNED_OUT = { accept: 'text/html', 'sec-fetch-dest': 'document' };

const textOf = (body: unknown) =>
  typeof body === 'string' || body instanceof URLSearchParams ? body.toString() : '';
