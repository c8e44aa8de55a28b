import { beforeEach, describe, expect, it } from 'vitest';
import { createWorld, ORIGIN, type Person, type World } from '../world.ts';

let world: World;
let ada: Person;

beforeEach(async () => {
  world = await createWorld();
  ada = await world.somebody();
});

type Session = { customer: string; return_url: string; flow_data?: Record<string, unknown> };

const sessions = () =>
  world
    .callsTo('/v1/billing_portal/sessions')
    .filter(({ status }) => status === 200)
    .map(({ parameters }) => parameters as unknown as Session);

async function subscribed(person: Person = ada): Promise<string> {
  const { id } = await world.subscribe(person.customer);
  await world.sync(person.customer);
  return id;
}

async function follow(query: string, person: Person = ada) {
  const response = await world.visit(`/billing/manage?${query}`, { headers: person.browser });
  return { status: response.status, location: response.headers.get('location'), response };
}

/** What the billing page says to somebody who comes back from that session. */
async function pageAfter(response: Response, person: Person = ada): Promise<string> {
  const kept = (response.headers.get('set-cookie') ?? '').split(';')[0];
  const headers = { ...person.browser, cookie: `${person.browser.cookie}; ${kept}` };
  return (await world.visit('/billing', { headers })).text();
}

const completion = {
  after_completion: { type: 'redirect', redirect: { return_url: `${ORIGIN}/billing` } },
};

describe('?flow=', () => {
  it.each(['payment_method_update', 'customer_update'])(
    '%s needs no subscription',
    async (flow) => {
      expect((await follow(`flow=${flow}`)).location).toContain('billing.stripe.com');
      expect(sessions()).toMatchObject([
        { customer: ada.customer, flow_data: { type: flow, ...completion } },
      ]);
    },
  );

  it.each(['subscription_cancel', 'subscription_update', 'subscription_pause'])(
    '%s takes the one subscription that it can apply to, and ends at /billing',
    async (flow) => {
      world.allowAllFlows();
      const subscription = await subscribed();
      await follow(`flow=${flow}`);
      expect(sessions()).toMatchObject([
        { flow_data: { type: flow, [flow]: { subscription }, ...completion } },
      ]);
    },
  );

  it('subscription_update_confirm takes a price and a quantity', async () => {
    world.allowAllFlows();
    const id = await subscribed();
    const { items } = await world.api.subscriptions.retrieve(id);
    const price = items.data[0]!.price.id;
    await follow(`flow=subscription_update_confirm&price=${price}&quantity=3`);
    expect(sessions()).toMatchObject([
      {
        flow_data: {
          subscription_update_confirm: {
            subscription: id,
            items: [{ id: items.data[0]!.id, price, quantity: '3' }],
          },
        },
      },
    ]);
  });

  it.each(['flow=subscription_update_confirm', 'flow=subscription_cancel'])(
    'that makes no sense now opens the portal’s home, and the page says so: %s',
    async (query) => {
      const id = await subscribed();
      await world.api.subscriptions.update(id, { cancel_at_period_end: true });
      await world.sync(ada.customer);
      const { status, response } = await follow(query);
      expect(status).toBe(303);
      expect(sessions()).toMatchObject([{ customer: ada.customer }]);
      expect(sessions()[0]).not.toHaveProperty('flow_data');
      expect(await pageAfter(response)).toContain('wasn’t possible just now');
    },
  );

  it('that is switched off in the portal opens its home, and the page says so', async () => {
    world.stripe.faults.order({
      path: '/v1/billing_portal/sessions',
      status: 400,
      body: {
        error: {
          type: 'invalid_request_error',
          message:
            'This subscription cannot be updated because the subscription update feature in the portal configuration is disabled.',
        },
      },
    });
    await subscribed();
    const { status, response } = await follow('flow=subscription_update');
    expect(status).toBe(303);
    expect(sessions()).toHaveLength(1);
    expect(sessions()[0]).not.toHaveProperty('flow_data');
    expect(await pageAfter(response)).toContain('wasn’t possible just now');
  });

  it('that D1 thinks possible and Stripe knows is not opens the home', async () => {
    const id = await subscribed();
    await world.api.subscriptions.update(id, { cancel_at_period_end: true });
    expect((await follow('flow=subscription_cancel')).status).toBe(303);
    expect(sessions()).toHaveLength(1);
  });

  it('does not hide that the portal was never saved', async () => {
    await subscribed();
    world.stripe.state.portalSaved.test = false;
    expect((await follow('flow=subscription_cancel')).status).toBe(503);
  });

  it.each(['unknown', '', 'subscription_cancel%00', '__proto__'])(
    'that nobody knows never reaches Stripe: %j',
    async (flow) => {
      expect((await follow(`flow=${flow}`)).status).toBe(303);
      expect(sessions()[0]).toEqual({ customer: ada.customer, return_url: `${ORIGIN}/billing` });
    },
  );

  it.each(['../prices', "price_1' or 1", 'x'.repeat(256)])(
    'with a price that cannot be one opens the home: %s',
    async (price) => {
      world.allowAllFlows();
      await subscribed();
      const query = new URLSearchParams({ flow: 'subscription_update_confirm', price });
      expect((await follow(query.toString())).status).toBe(303);
      expect(sessions()[0]).not.toHaveProperty('flow_data');
    },
  );

  it('that fits several subscriptions leads to the page that asks which', async () => {
    const ids = [await subscribed(), await subscribed()];
    const { location } = await follow('flow=subscription_cancel');
    expect(location).toBe('/billing?flow=subscription_cancel');
    const page = await (await world.visit(location!, { headers: ada.browser })).text();
    expect(page).toContain('Which subscription do you want to cancel?');
    for (const id of ids) expect(page).toContain(`name="subscription" value="${id}"`);
    expect(sessions()).toEqual([]);
  });
});

describe('?subscription=', () => {
  it('picks one of several', async () => {
    await subscribed();
    const second = await subscribed();
    await follow(`flow=subscription_cancel&subscription=${second}`);
    expect(sessions()).toMatchObject([
      { flow_data: { subscription_cancel: { subscription: second } } },
    ]);
  });

  it('picks the customer that it belongs to', async () => {
    const agency = await world.somebody({ customers: 2 });
    const { id } = await world.subscribe(agency.customers[1]!);
    await world.sync(agency.customers[1]!);
    await follow(`flow=subscription_cancel&subscription=${id}`, agency);
    expect(sessions()).toMatchObject([{ customer: agency.customers[1] }]);
  });

  it('may be so new that no webhook has come', async () => {
    const { id } = await world.subscribe(ada.customer);
    await follow(`flow=subscription_cancel&subscription=${id}`);
    expect(sessions()).toMatchObject([
      { flow_data: { subscription_cancel: { subscription: id } } },
    ]);
  });

  it('of one’s own that has ended opens the portal’s home', async () => {
    const id = await subscribed();
    await world.api.subscriptions.cancel(id);
    await world.sync(ada.customer);
    expect((await follow(`flow=subscription_cancel&subscription=${id}`)).status).toBe(303);
    expect(sessions()[0]).not.toHaveProperty('flow_data');
  });

  it.each(['another person’s', 'sub_unknown', 'junk', "sub_1' or 1"])(
    'that is not one’s own is refused without a session: %s',
    async (given) => {
      const other = await world.somebody();
      const asked = given.startsWith('another') ? await subscribed(other) : given;
      const query = new URLSearchParams({ flow: 'subscription_cancel', subscription: asked });
      const { status, response } = await follow(query.toString());
      expect(status).toBe(404);
      expect(response.headers.get('x-error-code')).toBe('subscription_not_yours');
      expect(world.sessionsMade()).toBe(0);
      // An id that may be anybody's never goes to Stripe.
      const calls = world.stripe.requests.map(
        ({ path, parameters }) => path + JSON.stringify(parameters),
      );
      expect(calls.filter((call) => call.includes(asked))).toEqual([]);
    },
  );
});

describe('coming back', () => {
  it.each<[string, string, (id: string) => Promise<unknown>]>([
    [
      'cancelled',
      'Pro is canceled and ends ',
      async (id) => world.api.subscriptions.update(id, { cancel_at_period_end: true }),
    ],
    [
      'paused',
      'Pro is paused.',
      async (id) => world.api.subscriptions.update(id, { pause_collection: { behavior: 'void' } }),
    ],
    ['ended', 'Pro has ended.', async (id) => world.api.subscriptions.cancel(id)],
    ['subscribed anew', 'You’ve added Pro.', async () => world.subscribe(ada.customer)],
  ])('says what has changed: %s', async (_, sentence, change) => {
    const id = await subscribed();
    const { response } = await follow('');
    await change(id);
    // A webhook that is faster than the visitor must not hide the change.
    await world.sync(ada.customer);
    const page = await pageAfter(response);
    expect(page).toContain(sentence);
    expect(page).toContain(`<title>${sentence}`);
    expect(page).toContain('class="notice" role="status" tabindex="-1" autofocus');
  });

  it('names the seats', async () => {
    const id = await subscribed();
    const [item] = (await world.api.subscriptions.retrieve(id)).items.data;
    const { response } = await follow('');
    await world.api.subscriptions.update(id, { items: [{ id: item!.id, quantity: 10 }] });
    expect(await pageAfter(response)).toContain('<title>Pro: 1 → 10 seats · Billing');
    const back = (await follow('')).response;
    await world.api.subscriptions.update(id, { items: [{ id: item!.id, quantity: 1 }] });
    await world.sync((await world.api.subscriptions.retrieve(id)).customer as string);
    expect(await pageAfter(back)).toContain('<title>Pro: 10 → 1 seat · Billing');
  });

  it('says nothing if nothing has changed', async () => {
    await subscribed();
    const { response } = await follow('');
    expect(await pageAfter(response)).not.toContain('class="notice"');
  });
});
