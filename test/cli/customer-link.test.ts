import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApp } from '../../src/app.ts';
import { createStores } from '../../src/customers/stores/index.ts';
import { createOperatorStore } from '../../src/customers/stores/operator.ts';
import { syncCustomer } from '../../src/customers/sync.ts';
import { database, useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { fillInWithKey } from './workplace.ts';

const SECRET = 'a secret of the site, of at least 32 bytes';
const ORIGIN = 'https://billing.example.com';
const EMAIL = 'ada@example.com';

let settings: Record<string, string>;
useWorkplaceWithD1(fillInWithKey);
beforeEach(() => {
  workplace.stripe.state.portalSaved.test = true;
  settings = {};
  // The Worker logs what it answers.
  for (const level of ['info', 'error'] as const) vi.spyOn(console, level).mockReturnValue();
});
afterEach(async () => {
  vi.restoreAllMocks();
});

/** What the Worker answers somebody with a token of the site who follows the link. */
async function follow(subject: string): Promise<string> {
  const claims = { sub: subject, iss: 'https://id.example', aud: 'shop', email: EMAIL };
  const token = await new SignJWT({ ...claims, email_verified: true })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET));
  const env = {
    DB: database,
    STRIPE_SECRET_KEY: workplace.key,
    STRIPE_WEBHOOK_SECRET: 'whsec_0123456789',
    STRIPE_API_BASE: workplace.origin,
    AUTH_JWT_SECRET: SECRET,
    AUTH_ISSUER: 'https://id.example',
    AUTH_AUDIENCE: 'shop',
    AUTH_COOKIE: 'session',
    ...settings,
  };
  const headers = {
    accept: 'text/html',
    cookie: `session=${token}`,
    'sec-fetch-dest': 'document',
    'sec-fetch-mode': 'navigate',
  };
  const context = { waitUntil() {}, passThroughOnException() {}, props: {} };
  const request = new Request(`${ORIGIN}/billing/manage`, { headers });
  const response = await createApp().fetch(request, env, context);
  const location = response.headers.get('location');
  if (location === '/billing') return 'asks which';
  if (location?.includes('/p/session/')) {
    const sessions = workplace.stripe.requests.filter(({ path }) => path.endsWith('/sessions'));
    return `opens ${sessions.at(-1)?.parameters['customer'] as string}`;
  }
  const text = await response.text();
  if (text.includes('still connecting your account')) return 'still connecting';
  return text.includes('Nothing to manage yet') ? 'nothing yet' : `${response.status}: ${text}`;
}

/** What the command says of it. */
async function said(id: string): Promise<string> {
  const { stdout } = await workplace.run(['customer', id]);
  return / {2}The link +(.*)/.exec(stdout)?.[1] ?? stdout;
}

const create = async (metadata: Record<string, string> = {}) => {
  const { id } = await workplace.api.customers.create({ name: 'Ada', email: EMAIL, metadata });
  return id;
};
async function subscribe(customer: string, subject: string) {
  const { id: product } = await workplace.api.products.create({ name: 'Plan' });
  const recurring = { interval: 'month' as const };
  const price = await workplace.api.prices.create({
    product,
    currency: 'usd',
    unit_amount: 900,
    recurring,
  });
  const metadata = { user_id: subject };
  await workplace.api.subscriptions.create({ customer, items: [{ price: price.id }], metadata });
}
const operator = () => createOperatorStore(database);

/** The first fill is complete, and D1 has these customers. */
async function fill(...ids: string[]) {
  const stores = createStores(database);
  const config = { livemode: false, customerMetadataKey: 'user_id' };
  const sources = { stripe: workplace.api, stores, config };
  for (const id of ids) await syncCustomer(id, sources, new Date());
  const walks = ['customers', 'subscriptions', 'checkouts'] as const;
  await stores.cursors.move(
    walks.map((list) => [list, 'done']),
    false,
  );
}

type Case = [
  state: string,
  prepare: () => Promise<string>,
  says: RegExp,
  answers: (id: string) => string,
];

const opens = (id: string) => `opens ${id}`;

/** Each is followed by somebody whose subject is `user_1`. */
const CASES: Case[] = [
  [
    'mapped',
    async () => {
      const id = await create({ user_id: 'user_1' });
      await fill(id);
      return id;
    },
    /^opens the portal of cus_/,
    opens,
  ],
  [
    'one of two',
    async () => {
      const id = await create({ user_id: 'user_1' });
      await fill(id, await create({ user_id: 'user_1' }));
      return id;
    },
    /^asks which billing account/,
    () => 'asks which',
  ],
  [
    'mapped by an operator, whatever Stripe says',
    async () => {
      const id = await create({ user_id: 'user_2' });
      await fill(id);
      await operator().map(id, 'user_1', false);
      return id;
    },
    /^opens the portal of cus_/,
    opens,
  ],
  [
    'nobody’s by an operator, whatever Stripe says',
    async () => {
      const id = await create({ user_id: 'user_1' });
      await fill(id);
      await operator().map(id, null, false);
      return id;
    },
    /^says “nothing to manage yet”/,
    () => 'nothing yet',
  ],
  [
    'unknown to D1, with metadata, before the fill',
    async () => create({ user_id: 'user_1' }),
    /^searches Stripe for user_1/,
    opens,
  ],
  [
    'unknown to D1, with metadata, where Stripe has no search',
    async () => {
      workplace.stripe.state.searchRefused = true;
      await fill();
      return create({ user_id: 'user_1' });
    },
    /^says “nothing to manage yet”.*--sync/,
    () => 'nothing yet',
  ],
  [
    'nobody’s before the fill',
    async () => create(),
    /^says “still connecting”/,
    () => 'still connecting',
  ],
  [
    'nobody’s after the fill',
    async () => {
      const id = await create();
      await fill(id);
      return id;
    },
    /^says “nothing to manage yet”.*--map/,
    () => 'nothing yet',
  ],
  [
    'unknown to D1, and known by a subscription',
    async () => {
      await fill();
      const id = await create();
      await subscribe(id, 'user_1');
      return id;
    },
    /^says “nothing to manage yet”.*--sync/,
    () => 'nothing yet',
  ],
  [
    'known by a subscription that the fill has come by',
    async () => {
      const id = await create();
      await subscribe(id, 'user_1');
      await createStores(database).listed.mapBySubscriptions(
        [{ id, subject: 'user_1' }],
        false,
        new Date(),
      );
      return id;
    },
    /^opens the portal of cus_/,
    opens,
  ],
  [
    'disputed',
    async () => {
      const id = await create();
      await subscribe(id, 'user_1');
      await subscribe(id, 'user_2');
      await fill(id);
      return id;
    },
    /^says “nothing to manage yet”/,
    () => 'nothing yet',
  ],
  [
    'deleted at Stripe since the last sync',
    async () => {
      const id = await create({ user_id: 'user_1' });
      await fill(id);
      await workplace.api.customers.del(id);
      return id;
    },
    /^opens no session/,
    () => 'nothing yet',
  ],
  [
    'marked as deleted, though Stripe has it',
    async () => {
      const id = await create();
      await subscribe(id, 'user_1');
      await fill(id);
      await database.prepare('update customers set deleted_at = 1').run();
      return id;
    },
    /^reads the customer again.*opens the portal/,
    opens,
  ],
  [
    'found by a verified address',
    async () => {
      settings['LINK_BY_EMAIL'] = 'true';
      workplace.configure(settings);
      const id = await create();
      await fill(id);
      return id;
    },
    /^opens the portal for somebody whose verified address is ada@example\.com/,
    opens,
  ],
];

describe('what npm run customer says of the link is what the Worker answers, for a customer', () => {
  it.each(CASES)('%s', async (_state, prepare, says, answers) => {
    const id = await prepare();
    expect(await said(id)).toMatch(says);
    expect(await follow('user_1')).toBe(answers(id));
  });
});
