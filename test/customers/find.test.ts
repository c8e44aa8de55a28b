import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { skipTries, stopClock } from '../clock.ts';
import { losingAnswer } from '../database.ts';
import { deliver } from '../deliver.ts';
import { listen } from '../log.ts';
import { createLinkWorld, signLink } from '../signed-links.ts';
import { createWorld, type World } from '../world.ts';

let world: World;
let people = 0;

beforeEach(async () => {
  world = await createWorld();
  people += 1;
});

const newSubject = () => `found ${people}`;
const searches = () => world.callsTo('/v1/customers/search').length;
const sessionsFor = () =>
  world.callsTo('/v1/billing_portal/sessions').map(({ parameters }) => parameters['customer']);

async function follow(subject: string, claims: Record<string, unknown> = {}): Promise<number> {
  const { browser } = await world.visitor(subject, claims);
  return (await world.visit('/billing/manage', { headers: browser })).status;
}

describe('a subject that D1 does not know', () => {
  it('is found at Stripe by the metadata, and used in the same request', async () => {
    const subject = newSubject();
    const { id } = await world.api.customers.create({ metadata: { user_id: subject } });
    expect(await follow(subject)).toBe(303);
    expect(await follow(subject)).toBe(303);
    expect(sessionsFor()).toEqual([id, id]);
    expect(searches()).toBe(1);
  });

  it('is looked for under the configured metadata key', async () => {
    world.configure({ CUSTOMER_METADATA_KEY: 'org' });
    const subject = newSubject();
    const { id } = await world.api.customers.create({ metadata: { org: subject } });
    expect(await follow(subject)).toBe(303);
    expect(sessionsFor()).toEqual([id]);
  });

  it('is found with all of several customers', async () => {
    const subject = newSubject();
    for (const name of ['North', 'South']) {
      await world.api.customers.create({ name, metadata: { user_id: subject } });
    }
    const { browser } = await world.visitor(subject);
    const page = await (await world.visit('/billing', { headers: browser })).text();
    expect(page).toContain('North');
    expect(page).toContain('South');
  });

  it.each(["it's", 'back\\slash', "' OR email:'x", 'ünï', '"quoted"'])(
    'may hold any character: %s',
    async (odd) => {
      const subject = `${odd} ${people}`;
      const { id } = await world.api.customers.create({ metadata: { user_id: subject } });
      await world.api.customers.create({ email: 'x', metadata: { user_id: 'another' } });
      expect(await follow(subject)).toBe(303);
      expect(sessionsFor()).toEqual([id]);
    },
  );

  it('is not taken for one that differs in case only, which search ignores', async () => {
    const subject = newSubject();
    const { id } = await world.api.customers.create({
      metadata: { user_id: subject.toUpperCase() },
    });
    expect(await follow(subject)).toBe(404);
    expect(searches()).toBe(1);
    expect(world.callsTo(`/v1/customers/${id}`)).toEqual([]);
  });

  it('is searched for once a minute at most', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const subject = newSubject();
    for (let visit = 0; visit < 5; visit += 1) expect(await follow(subject)).toBe(404);
    expect(searches()).toBe(1);
    await world.api.customers.create({ metadata: { user_id: subject } });
    vi.setSystemTime(Date.now() + 61_000);
    expect(await follow(subject)).toBe(303);
    vi.useRealTimers();
  });

  it('is searched for once by many requests at once', async () => {
    const subject = newSubject();
    await Promise.all(Array.from({ length: 10 }, async () => follow(subject)));
    expect(searches()).toBe(1);
  });

  it('is found by all who ask while one of them searches', async () => {
    const subject = newSubject();
    await world.api.customers.create({ metadata: { user_id: subject } });
    const answer = world.holdStripe('/v1/customers/search');
    const clock = stopClock();
    const visits = Array.from({ length: 5 }, async () => follow(subject));
    // Four wait, and the fifth's call has a time-out.
    await clock.pass(200, 5);
    await clock.pass(0, 5);
    answer();
    await Promise.race(visits);
    await clock.pass(400, 4);
    expect(await Promise.all(visits)).toEqual([303, 303, 303, 303, 303]);
    expect(searches()).toBe(1);
  });

  it('is asked to come again where a search takes too long for others to wait', async () => {
    // The keys are loaded before the clock stops.
    await follow(`${newSubject()} before`);
    const subject = newSubject();
    const answer = world.holdStripe('/v1/customers/search');
    const clock = stopClock();
    const visits = [follow(subject), follow(subject)];
    for (const pause of [200, 400, 800, 1_600]) await clock.pass(pause, 2);
    expect(await Promise.race(visits)).toBe(503);
    answer();
    expect(new Set(await Promise.all(visits))).toEqual(new Set([404, 503]));
  });

  it('is searched for although D1 loses its answer to who may search', async () => {
    const subject = newSubject();
    await world.api.customers.create({ metadata: { user_id: subject } });
    world.configure({ DB: losingAnswer(env.DB, 'insert into searches') });
    expect(await follow(subject)).toBe(303);
    expect(searches()).toBe(1);
  });

  it('is searched for by another request when the first is gone', async () => {
    const subject = newSubject();
    await world.api.customers.create({ metadata: { user_id: subject } });
    const search = { sought: subject, livemode: false, claim: 'of a request that died' };
    await world.stores.searches.claim(search, new Date(Date.now() - 11_000));
    expect(await follow(subject)).toBe(303);
  });

  it.each([true, false])(
    'recovers from a key of another account (metadata: %s)',
    async (hasMetadata) => {
      vi.useFakeTimers({ toFake: ['Date'] });
      const { subject, browser, customer } = await world.somebody();
      if (!hasMetadata) await world.api.customers.update(customer, { metadata: { user_id: '' } });
      const visit = async () => (await world.visit('/billing/manage', { headers: browser })).status;
      const { customers } = world.stripe.state;
      const hidden = customers.get(customer)!;
      customers.delete(customer);
      expect(await visit()).toBe(404);
      expect(await world.stores.customers.deletedOf(subject, false, 10)).toEqual([customer]);
      customers.set(customer, hidden);
      vi.setSystemTime(Date.now() + 61_000);
      expect(await visit()).toBe(303);
      vi.useRealTimers();
    },
  );

  it('is not found where Stripe refuses to search, which is no outage', async () => {
    const errors = listen('error');
    world.stripe.state.searchRefused = true;
    const subject = newSubject();
    await world.api.customers.create({ metadata: { user_id: subject } });
    expect(await follow(subject)).toBe(404);
    expect(errors()).toMatchObject([{ event: 'search_refused' }]);
    expect(await follow(subject)).toBe(404);
    expect(searches()).toBe(1);
  });

  it('is searched for again after a search that failed, which is an outage', async () => {
    const subject = newSubject();
    await world.api.customers.create({ metadata: { user_id: subject } });
    world.stripe.faults.order({ path: '/v1/customers/search', status: 429, times: 4 });
    skipTries();
    expect(await follow(subject)).toBe(503);
    expect(await follow(subject)).toBe(303);
  });

  it('of more than 500 characters is not searched for: Stripe cannot have stored it', async () => {
    expect(await follow('x'.repeat(501))).toBe(404);
    expect(searches()).toBe(0);
  });
});

describe('a verified e-mail address', () => {
  const email = () => `linked.${people}@example.com`;
  const claims = () => ({ email: email(), email_verified: true });

  beforeEach(() => world.configure({ LINK_BY_EMAIL: 'true' }));

  it('leads to the one customer with exactly that address, for good', async () => {
    const { id } = await world.api.customers.create({ email: email() });
    const subject = newSubject();
    expect(await follow(subject, claims())).toBe(303);
    expect(await follow(subject)).toBe(303);
    expect(sessionsFor()).toEqual([id, id]);
  });

  it('leads to it where Stripe refuses to search', async () => {
    listen('error');
    world.stripe.state.searchRefused = true;
    await world.api.customers.create({ email: email() });
    expect(await follow(newSubject(), claims())).toBe(303);
  });

  it('leads to it although a webhook overtakes the sync', async () => {
    const { id } = await world.api.customers.create({ email: email() });
    const events = [...world.stripe.state.events.values()];
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const { promise: overtaken, resolve: overtake } = Promise.withResolvers<void>();
    world.answerAt('api.stripe.com', async (request) => {
      const response = await world.stripe.fetch(request);
      if (new URL(request.url).pathname !== `/v1/customers/${id}`) return response;
      ask();
      await overtaken;
      return response;
    });
    const subject = newSubject();
    const visit = follow(subject, claims());
    await asked;
    world.answerAt('api.stripe.com', world.stripe.fetch);
    expect(await deliver(world, JSON.stringify(events.at(-1)))).toBe(200);
    overtake();
    expect(await visit).toBe(303);
    expect(await follow(subject)).toBe(303);
  });

  it('leads nowhere unless that is configured', async () => {
    world.configure({ LINK_BY_EMAIL: '' });
    await world.api.customers.create({ email: email() });
    expect(await follow(newSubject(), claims())).toBe(404);
  });

  it.each([false, undefined, 'true', 1])(
    'leads nowhere when email_verified is %j',
    async (claim) => {
      await world.api.customers.create({ email: email() });
      expect(await follow(newSubject(), { email: email(), email_verified: claim })).toBe(404);
    },
  );

  it('leads nowhere when two customers have it', async () => {
    for (const name of ['one', 'two']) await world.api.customers.create({ name, email: email() });
    expect(await follow(newSubject(), claims())).toBe(404);
  });

  it('leads nowhere when the customer carries another subject', async () => {
    await world.api.customers.create({ email: email(), metadata: { user_id: 'somebody else' } });
    expect(await follow(newSubject(), claims())).toBe(404);
  });

  it('leads nowhere when D1 maps the customer to another subject', async () => {
    const { id } = await world.api.customers.create({ email: email() });
    world.stripe.state.completeCheckout({ customer: id, client_reference_id: 'the buyer' });
    await world.sync(id);
    expect(await follow(newSubject(), claims())).toBe(404);
  });

  it('leads nowhere when it differs in case', async () => {
    await world.api.customers.create({ email: email().toUpperCase() });
    expect(await follow(newSubject(), claims())).toBe(404);
  });

  it('does not outdo a checkout that names the buyer', async () => {
    const { id } = await world.api.customers.create({ email: email() });
    world.stripe.state.completeCheckout({ customer: id, client_reference_id: `buyer ${people}` });
    expect(await follow(newSubject(), claims())).toBe(404);
    expect(await follow(`buyer ${people}`)).toBe(303);
  });
});

describe('customers that a link names', () => {
  it('are asked about when D1 knows only one of them', async () => {
    const linkWorld = await createLinkWorld();
    const { customer } = await linkWorld.somebody();
    const { id } = await linkWorld.api.customers.create({ name: 'Only at Stripe' });
    const response = await linkWorld.press(await signLink({ customer: [customer, id] }));
    expect(await response.text()).toContain('Only at Stripe');
    expect(linkWorld.sessionsMade()).toBe(0);
  });

  it('are looked for again after a search that failed', async () => {
    const linkWorld = await createLinkWorld();
    const { id } = await linkWorld.api.customers.create({ name: 'Only at Stripe' });
    const token = await signLink({ customer: id });
    // Revocations, nearest, primary, the claim, and then the ticket.
    linkWorld.failQuery('D1_ERROR: D1 DB is overloaded.', 4);
    expect((await linkWorld.press(token)).status).toBe(503);
    expect((await linkWorld.press(token)).status).toBe(303);
  });

  it('are known in their own mode, even if they were asked for in the other first', async () => {
    const linkWorld = await createLinkWorld();
    const { id } = await linkWorld.api.customers.create({ name: 'Live' });
    await linkWorld.stores.syncs.takeTickets([id], true, new Date());
    expect((await linkWorld.press(await signLink({ customer: id }))).status).toBe(303);
  });
});
