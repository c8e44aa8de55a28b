import { beforeEach, describe, expect, it, vi } from 'vitest';
import { brokenDatabase } from './database.ts';
import { collectEvents } from './deliver.ts';
import { thinNotificationOf } from './stripe/webhooks.ts';
import { createWorld, LIVE_KEY, WEBHOOK_SECRET, type World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

const now = () => Math.floor(Date.now() / 1000);

async function sign(payload: string, secret = WEBHOOK_SECRET, timestamp = now()): Promise<string> {
  return world.api.webhooks.generateTestHeaderStringAsync({ payload, secret, timestamp });
}

async function post(body: BodyInit, signature?: string): Promise<Response> {
  const headers = new Headers({ 'content-type': 'application/json' });
  if (signature !== undefined) headers.set('stripe-signature', signature);
  return world.visit('/api/stripe/webhook', { method: 'POST', body, headers });
}

/** A customer who is at Stripe and not in D1, and its event. */
async function newCustomer(subject: string) {
  const customer = await world.api.customers.create({
    name: 'Ada',
    metadata: { user_id: subject },
  });
  const event = [...world.stripe.state.events.values()].at(-1)!;
  return { id: customer.id, event, payload: JSON.stringify(event) };
}

const known = async (subject: string) => {
  const found = await world.stores.customers.findBySubjects([subject], false, 'primary');
  return found.map(({ id }) => id);
};

describe('POST /api/stripe/webhook', () => {
  it('answers 200 when D1 holds what the event reports', async () => {
    const { id, payload } = await newCustomer('hooked');
    const response = await post(payload, await sign(payload));
    expect(response.status).toBe(200);
    expect(await known('hooked')).toEqual([id]);
  });

  it.each([
    ['without an object', { data: { object: null } }, 200],
    ['with a type that is no text', { type: 7 }, 400],
    [
      'of a subscription that is gone',
      { related_object: { type: 'subscription', id: 'sub_gone' } },
      200,
    ],
    ['with an id that is none', { related_object: { type: 'subscription', id: '../x' } }, 200],
  ])('is not asked again for a signed event %s', async (_what, part, status) => {
    const event = { id: 'evt_1', object: 'event', type: 'customer.updated', livemode: false };
    const payload = JSON.stringify({ ...event, ...part });
    expect((await post(payload, await sign(payload))).status).toBe(status);
  });

  it('takes thin notifications, and follows what they name to the customer', async () => {
    const { id } = await newCustomer('thin');
    const product = await world.api.products.create({ name: 'Pro' });
    const price = await world.api.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 500,
      recurring: { interval: 'month' },
    });
    const subscription = await world.api.subscriptions.create({
      customer: id,
      items: [{ price: price.id }],
    });
    const event = [...world.stripe.state.events.values()].at(-1)!;
    const payload = thinNotificationOf(event);
    expect((await post(payload, await sign(payload))).status).toBe(200);
    expect(await known('thin')).toEqual([id]);
    expect(await world.stores.customers.subscriptionsOf(id)).toMatchObject([
      { id: subscription.id, status: 'active', items: [{ product: 'Pro', amount: 500 }] },
    ]);
  });

  it.each(['snapshot', 'thin'] as const)(
    'hears of a schedule that changes a subscription, by a %s event',
    async (how) => {
      const { customer } = await world.somebody();
      const { id } = await world.subscribe(customer);
      const { id: schedule, phases } = await world.api.subscriptionSchedules.create({
        from_subscription: id,
      });
      await world.sync(customer);
      const events = collectEvents(world);
      const [{ items, start_date, end_date }] = phases as [(typeof phases)[0]];
      const kept = items.map(({ price }) => ({
        price: typeof price === 'string' ? price : price.id,
      }));
      await world.api.subscriptionSchedules.update(schedule, {
        phases: [
          { items: kept, start_date, end_date },
          { items: kept, start_date: end_date, end_date: end_date + 86_400 },
        ],
      });
      expect(await events.deliverAll(how)).toEqual([200]);
      expect(await world.stores.customers.subscriptionsOf(customer)).toMatchObject([
        { id, terms: { changesAt: end_date } },
      ]);
    },
  );

  it('believes Stripe and not the event about the state', async () => {
    const { id, event } = await newCustomer('forged');
    event.data.object['metadata'] = { user_id: 'somebody else' };
    const payload = JSON.stringify(event);
    await post(payload, await sign(payload));
    expect(await known('forged')).toEqual([id]);
    expect(await known('somebody else')).toEqual([]);
  });

  it('ignores types that it does not know, without a call or a write', async () => {
    const { event } = await newCustomer('ignored');
    const calls = world.stripe.requests.length;
    const payload = JSON.stringify({ ...event, type: 'invoice.paid' });
    expect((await post(payload, await sign(payload))).status).toBe(200);
    expect(world.stripe.requests).toHaveLength(calls);
    expect(world.queries).toEqual([]);
  });

  it('accepts any of several secrets, and any of several signatures', async () => {
    world.configure({ STRIPE_WEBHOOK_SECRET: `whsec_new,${WEBHOOK_SECRET}` });
    const { payload } = await newCustomer('rotated');
    const time = now();
    const old = await sign(payload, 'whsec_retired', time);
    const right = await sign(payload, WEBHOOK_SECRET, time);
    const both = `${old},${right.split(',')[1]}`;
    expect((await post(payload, right)).status).toBe(200);
    expect((await post(payload, both)).status).toBe(200);
  });

  it.each<[string, (payload: string) => Promise<[BodyInit, string | undefined]>]>([
    ['no signature', async (payload) => [payload, undefined]],
    ['an empty signature', async (payload) => [payload, '']],
    ['garbage for a signature', async (payload) => [payload, 'garbage']],
    [
      'a signature of the scheme v0 alone',
      async (payload) => [payload, (await sign(payload)).replace('v1=', 'v0=')],
    ],
    ['a wrong signature', async (payload) => [payload, `t=${now()},v1=${'0'.repeat(64)}`]],
    [
      'one byte that was changed',
      async (payload) => [payload.replace('Ada', 'Eve'), await sign(payload)],
    ],
    [
      'a body that was written anew',
      async (payload) => [JSON.stringify(JSON.parse(payload), null, 2), await sign(payload)],
    ],
    [
      'a signature 301 s old',
      async (body) => [body, await sign(body, WEBHOOK_SECRET, now() - 301)],
    ],
    ['one 302 s ahead', async (body) => [body, await sign(body, WEBHOOK_SECRET, now() + 302)]],
    ['two times', async (payload) => [payload, `t=${now()},${await sign(payload)}`]],
    [
      'a time that is no number',
      async (payload) => [payload, (await sign(payload)).replace(/t=\d+/, 't=soon')],
    ],
    [
      'a time with something behind it',
      async (payload) => [payload, (await sign(payload)).replace(/t=(\d+)/, 't=$1x')],
    ],
    ['a retired secret', async (payload) => [payload, await sign(payload, 'whsec_retired')]],
    ['signed text that is not JSON', async () => ['not JSON', await sign('not JSON')]],
    ['signed JSON that is no event', async () => ['[1]', await sign('[1]')]],
    ['no body', async () => ['', await sign('')]],
    ['bytes that are no text', async (body) => [new Uint8Array([255, 254]), await sign(body)]],
  ])('refuses %s without a write or a call', async (_, spoil) => {
    const { payload } = await newCustomer('refused');
    const calls = world.stripe.requests.length;
    const response = await post(...(await spoil(payload)));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'webhook_refused' });
    expect(world.queries).toEqual([]);
    expect(world.stripe.requests).toHaveLength(calls);
  });

  it('accepts what is exactly five minutes off, either way, and nothing a second further', async () => {
    const { payload } = await newCustomer('in time');
    // Half a second into the second: its fraction belongs to neither side.
    vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_500 });
    const statuses: [offset: number, status: number][] = [];
    for (const offset of [-301, -300, -299, 299, 300, 301]) {
      const signature = await sign(payload, WEBHOOK_SECRET, now() + offset);
      statuses.push([offset, (await post(payload, signature)).status]);
    }
    expect(statuses).toEqual([
      [-301, 400],
      [-300, 200],
      [-299, 200],
      [299, 200],
      [300, 200],
      [301, 400],
    ]);
  });

  it('accepts several signatures and other schemes, in any order', async () => {
    const { payload } = await newCustomer('signed twice');
    const [time = '', right = ''] = (await sign(payload)).split(',');
    const wrong = `v1=${'0'.repeat(64)}`;
    for (const parts of [
      [right, time],
      [time, wrong, right],
      [time, right, wrong],
      [time, 'v0=abc', right],
      [time, right, 'v2=a+b/c-d_e'],
      [time, right, right],
    ]) {
      expect((await post(payload, parts.join(','))).status, parts.join()).toBe(200);
    }
  });

  it.each<[string, (time: string, signature: string) => string]>([
    ['two times beside each other', (t, v1) => `${t},${t},${v1}`],
    ['two times apart', (t, v1) => `${t},${v1},${t}`],
    ['a second time without a value', (t, v1) => `${t},${v1},t`],
    ['a second time that is empty', (t, v1) => `${t},${v1},t=`],
    ['a second time after a space', (t, v1) => `${t},${v1}, ${t}`],
    ['a second time in upper case', (t, v1) => `${t},${v1},${t.replace('t', 'T')}`],
    ['no time', (_t, v1) => v1],
    ['an empty time', (_t, v1) => `t=,${v1}`],
    ['a negative time', (t, v1) => `${t.replace('=', '=-')},${v1}`],
    ['a time with a plus', (t, v1) => `${t.replace('=', '=+')},${v1}`],
    ['a time with a fraction', (t, v1) => `${t}.5,${v1}`],
    ['a time in hexadecimal', (t, v1) => `t=0x${Number(t.slice(2)).toString(16)},${v1}`],
    ['a time with an exponent', (t, v1) => `${t}e0,${v1}`],
    ['a time with two values', (t, v1) => `${t}=1,${v1}`],
    ['a time with a leading zero', (t, v1) => `${t.replace('=', '=0')},${v1}`],
    ['a time beyond all numbers', (_t, v1) => `t=${'9'.repeat(400)},${v1}`],
    ['a time in milliseconds', (t, v1) => `${t}000,${v1}`],
    ['a space before the time', (t, v1) => `t= ${t.slice(2)},${v1}`],
    ['a space after the comma', (t, v1) => `${t}, ${v1}`],
    ['a tab after the comma', (t, v1) => `${t},\t${v1}`],
    ['a space before the equals sign', (t, v1) => `${t},${v1.replace('=', ' =')}`],
    ['a space behind the signature', (t, v1) => `${t},${v1} ,v0=1`],
    ['upper case names', (t, v1) => `T${t.slice(1)},V${v1.slice(1)}`],
    ['an upper case scheme', (t, v1) => `${t},V${v1.slice(1)}`],
    ['an upper case signature', (t, v1) => `${t},v1=${v1.slice(3).toUpperCase()}`],
    ['the scheme v0', (t, v1) => `${t},v0=${v1.slice(3)}`],
    ['the scheme v11', (t, v1) => `${t},v11=${v1.slice(3)}`],
    ['no scheme', (t, v1) => `${t},${v1.slice(3)}`],
    ['an empty scheme', (t, v1) => `${t},=${v1.slice(3)}`],
    ['no signature', (t) => t],
    ['an empty signature', (t) => `${t},v1=`],
    ['a signature without a value', (t) => `${t},v1`],
    ['a signature that is cut off', (t, v1) => `${t},${v1.slice(0, -1)}`],
    ['a signature that goes on', (t, v1) => `${t},${v1}0`],
    ['a signature in quotes', (t, v1) => `${t},v1="${v1.slice(3)}"`],
    ['an empty part at the beginning', (t, v1) => `,${t},${v1}`],
    ['an empty part in the middle', (t, v1) => `${t},,${v1}`],
    ['an empty part at the end', (t, v1) => `${t},${v1},`],
    ['semicolons', (t, v1) => `${t};${v1}`],
    ['another header joined to it', (t, v1) => `t=1,v1=${'0'.repeat(64)}, ${t},${v1}`],
    ['only commas', () => ',,,'],
  ])('refuses a header with %s', async (_what, spoil) => {
    const { payload } = await newCustomer('malformed');
    const [time = '', signature = ''] = (await sign(payload)).split(',');
    const calls = world.stripe.requests.length;
    const response = await post(payload, spoil(time, signature));
    expect(await response.json()).toMatchObject({ code: 'webhook_refused', status: 400 });
    expect(world.queries).toEqual([]);
    expect(world.stripe.requests).toHaveLength(calls);
  });

  it('refuses other bytes that decode to the text that was signed', async () => {
    const { event } = await newCustomer('bytes');
    // Signed with the character that decoders put in place of what they cannot read.
    const payload = JSON.stringify({ ...event, account: 'acct_\ufffd' });
    const signature = await sign(payload);
    const bytes = new TextEncoder().encode(payload);
    const at = bytes.findIndex((byte, i) => byte === 0xef && bytes[i + 1] === 0xbf);
    const replace = (...others: number[]) =>
      new Uint8Array([...bytes.slice(0, at), ...others, ...bytes.slice(at + 3)]);
    const calls = world.stripe.requests.length;
    for (const forged of [
      replace(0xff),
      replace(0xc3),
      new Uint8Array([0xef, 0xbb, 0xbf, ...bytes]),
    ]) {
      const response = await post(forged, signature);
      expect(await response.json()).toMatchObject({ code: 'webhook_refused', status: 400 });
    }
    expect(world.queries).toEqual([]);
    expect(world.stripe.requests).toHaveLength(calls);
    expect((await post(bytes, signature)).status).toBe(200);
  });

  it('refuses an event of the other mode', async () => {
    const { payload } = await newCustomer('other mode');
    world.configure({ STRIPE_SECRET_KEY: LIVE_KEY });
    const response = await post(payload, await sign(payload));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'webhook_mode_mismatch' });
    expect(world.queries).toEqual([]);
  });

  it('refuses a body over the limit before anything is hashed', async () => {
    const response = await post('x'.repeat(600_000), 'garbage');
    expect(response.status).toBe(413);
  });

  it('is 503 while no secret is configured', async () => {
    world.configure({ STRIPE_WEBHOOK_SECRET: '' });
    const { payload } = await newCustomer('unconfigured');
    const response = await post(payload, await sign(payload, ''.padEnd(1)));
    expect(response.status).toBe(503);
  });

  it.each(['GET', 'PUT'])('does not take %s', async (method) => {
    expect((await world.visit('/api/stripe/webhook', { method })).status).toBe(405);
  });

  it.each<[string, Parameters<World['stripe']['faults']['order']>[0]]>([
    ['is down', { status: 500 }],
    ['limits the rate', { status: 429 }],
    ['cannot be reached', { cut: true }],
    ['answers nonsense', { status: 200, body: 'null' }],
  ])('asks for another delivery when Stripe %s, which then succeeds', async (_, fault) => {
    const { id, payload } = await newCustomer(`again ${_}`);
    world.stripe.faults.order({ path: `/v1/customers/${id}`, times: 2, ...fault });
    expect((await post(payload, await sign(payload))).status).toBeGreaterThanOrEqual(500);
    expect(await known(`again ${_}`)).toEqual([]);
    world.stripe.faults.clear();
    expect((await post(payload, await sign(payload))).status).toBe(200);
    expect(await known(`again ${_}`)).toEqual([id]);
  });

  it('asks for another delivery when D1 is down', async () => {
    const { payload } = await newCustomer('down');
    world.configure({ DB: brokenDatabase('D1_ERROR: D1 DB is overloaded.') });
    const response = await post(payload, await sign(payload));
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'database_unavailable' });
  });

  it('gives D1 one more try where that may help', async () => {
    const { id, payload } = await newCustomer('stumbled');
    world.failQuery('D1_ERROR: Network connection lost.');
    expect((await post(payload, await sign(payload))).status).toBe(200);
    expect(await known('stumbled')).toEqual([id]);
  });
});

describe('what a sync makes of a customer', () => {
  async function deliver(): Promise<void> {
    const payload = JSON.stringify([...world.stripe.state.events.values()].at(-1));
    expect((await post(payload, await sign(payload))).status).toBe(200);
  }

  it('maps by the completed checkout when there is no metadata', async () => {
    const customer = await world.api.customers.create({ name: 'Grace' });
    world.stripe.state.completeCheckout({
      customer: customer.id,
      client_reference_id: 'checked out',
    });
    await deliver();
    expect(await known('checked out')).toEqual([customer.id]);
  });

  it('maps by a subscription’s metadata', async () => {
    const { id } = await world.api.customers.create({ name: 'Grace' });
    await world.subscribe(id, { user_id: 'subscribed' });
    await deliver();
    expect(await known('subscribed')).toEqual([id]);
  });

  it('keeps a mapping that later events lack, and follows one that changes', async () => {
    const { id } = await newCustomer('first');
    await deliver();
    await world.api.customers.update(id, { metadata: { user_id: '' } });
    await deliver();
    expect(await known('first')).toEqual([id]);
    await world.api.customers.update(id, { metadata: { user_id: 'second' } });
    await deliver();
    expect([await known('first'), await known('second')]).toEqual([[], [id]]);
  });

  it('lets no buyer’s reference take over a customer that is mapped', async () => {
    const { id } = await newCustomer('owner');
    await deliver();
    world.stripe.state.completeCheckout({ customer: id, client_reference_id: 'thief' });
    await deliver();
    expect([await known('owner'), await known('thief')]).toEqual([[id], []]);
  });

  it('keeps the first of several references that checkouts carry', async () => {
    const { id } = await world.api.customers.create({ name: 'Grace' });
    world.stripe.state.completeCheckout({ customer: id, client_reference_id: 'first buyer' });
    await deliver();
    world.stripe.state.completeCheckout({ customer: id, client_reference_id: 'second buyer' });
    await deliver();
    expect([await known('first buyer'), await known('second buyer')]).toEqual([[id], []]);
  });

  it('marks a deleted customer deleted, for good and without its e-mail address', async () => {
    const { id, payload } = await newCustomer('deleted');
    await deliver();
    await world.api.customers.del(id);
    await deliver();
    expect(await known('deleted')).toEqual([]);
    await post(payload, await sign(payload));
    expect(await known('deleted')).toEqual([]);
    expect(await world.row(id)).toMatchObject({ subject: 'deleted', email: null, name: null });
  });

  it('reads all of more subscriptions than fit on a page', async () => {
    const { id } = await newCustomer('many');
    for (let count = 0; count < 103; count += 1) await world.subscribe(id);
    await deliver();
    expect(await world.stores.customers.subscriptionsOf(id)).toHaveLength(103);
  });

  it('takes cancel_at for a cancellation, whichever way it came', async () => {
    const { id } = await newCustomer('cancelling');
    const subscription = await world.subscribe(id);
    const end = now() + 86_400;
    await world.api.subscriptions.update(subscription.id, { cancel_at: end });
    await deliver();
    const { browser } = await world.visitor('cancelling');
    const page = await (await world.visit('/billing', { headers: browser })).text();
    expect(page).toContain('Ends on');
    expect(await world.stores.customers.subscriptionsOf(id)).toMatchObject([{ cancelAt: end }]);
  });

  it('forgets subscriptions that have ended', async () => {
    const { id } = await newCustomer('ended');
    const subscription = await world.subscribe(id);
    await deliver();
    await world.api.subscriptions.cancel(subscription.id);
    await deliver();
    expect(await world.stores.customers.subscriptionsOf(id)).toEqual([]);
    expect(await known('ended')).toEqual([id]);
  });
});
