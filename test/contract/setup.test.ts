import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/customers/events.ts';
import {
  listEventDestinations,
  removeDestination,
  sendEvents,
} from '../../src/cli/event-destinations.ts';
import { findConfiguration, findOwnConfigurations } from '../../src/cli/portal/configuration.ts';
import { desiredConfiguration, newConfiguration } from '../../src/cli/portal/desired.ts';
import { differences } from '../../src/cli/portal/differences.ts';
import { DEFAULT, readPortalFile } from '../../src/cli/portal/file.ts';
import { markOf } from '../../src/cli/portal/marks.ts';
import { API_VERSION } from '../../src/stripe/client.ts';
import { open, type Contract } from './open.ts';

let contract: Contract;
beforeAll(async () => {
  contract = await open();
});
afterAll(async () => contract.close());

describe('what setup makes', () => {
  it('is the portal of portal.toml as it comes, created and then updated', async () => {
    const { stripe, things } = contract;
    const file = readPortalFile(resolve(import.meta.dirname, '../..'))!;
    const desired = desiredConfiguration(file.fallback, 'test', 'https://shop.example');
    const name = `contract-${crypto.randomUUID()}`;
    const { id } = await things.configuration({
      ...newConfiguration(desired),
      metadata: markOf(name, DEFAULT),
      name,
    });
    const readBack = async () => {
      const found = await findConfiguration(stripe, id, false);
      return found.kind === 'found' ? differences(found.configuration, desired) : found;
    };
    expect(await readBack()).toEqual([]);
    await stripe.billingPortal.configurations.update(id, desired);
    expect(await readBack()).toEqual([]);
    const own = await findOwnConfigurations(stripe, name);
    expect(own.get(DEFAULT)).toMatchObject({ id, active: true });
  });

  it('empties what portal.toml no longer says', async () => {
    const { stripe, things } = contract;
    const file = readPortalFile(resolve(import.meta.dirname, '../..'))!;
    const empty = desiredConfiguration(file.fallback, 'test', 'https://shop.example');
    const { product, price } = await things.plan(2900);
    const { id } = await things.configuration({
      business_profile: {
        headline: 'Contract',
        privacy_policy_url: 'https://shop.example/privacy',
        terms_of_service_url: 'https://shop.example/terms',
      },
      features: {
        subscription_update: {
          enabled: true,
          default_allowed_updates: ['price'],
          products: [{ product: product.id, prices: [price.id] }],
        },
      },
    });
    await stripe.billingPortal.configurations.update(id, empty);
    const found = await findConfiguration(stripe, id, false);
    expect(found.kind === 'found' && differences(found.configuration, empty)).toEqual([]);
  });

  it('is a webhook endpoint for exactly the events of the Worker’s list', async () => {
    const { stripe, things } = contract;
    const url = `https://example.com/${crypto.randomUUID()}/api/stripe/webhook`;
    const endpoint = await stripe.webhookEndpoints.create({
      url,
      enabled_events: ['customer.created'],
      api_version: API_VERSION,
      description: 'portal-link: contract',
    });
    const find = async () => (await listEventDestinations(stripe)).find((each) => each.url === url);
    let isThere = true;
    things.remember('webhook endpoint', async () =>
      isThere ? stripe.webhookEndpoints.del(endpoint.id) : undefined,
    );
    expect(endpoint.secret).toMatch(/^whsec_\w{20,}$/);
    await sendEvents(stripe, (await find())!, EVENT_TYPES);
    const current = (await find())!;
    expect(current.events.toSorted()).toEqual(EVENT_TYPES.toSorted());
    expect(current).toMatchObject({
      payload: 'snapshot',
      isEnabled: true,
      apiVersion: API_VERSION,
    });
    await removeDestination(stripe, current);
    isThere = false;
    expect(await find()).toBeUndefined();
  });

  it.each(['http://localhost:8787', 'https://127.0.0.1'])(
    'is no webhook endpoint at %s, which Stripe cannot reach',
    async (origin) => {
      const url = `${origin}/api/stripe/webhook`;
      const made = contract.stripe.webhookEndpoints.create({
        url,
        enabled_events: ['customer.created'],
      });
      await expect(made).rejects.toMatchObject({
        statusCode: 400,
        message: expect.stringContaining('must be publicly accessible'),
      });
    },
  );

  it('sees a thin event destination beside webhook endpoints', async () => {
    const { stripe, things } = contract;
    const url = `https://example.com/${crypto.randomUUID()}/api/stripe/webhook`;
    const { id } = await stripe.v2.core.eventDestinations.create({
      name: 'portal-link: contract',
      type: 'webhook_endpoint',
      event_payload: 'thin',
      enabled_events: ['v1.customer.created'],
      webhook_endpoint: { url },
    });
    things.remember('event destination', async () => stripe.v2.core.eventDestinations.del(id));
    const find = async () => (await listEventDestinations(stripe)).find((each) => each.id === id);
    expect(await find()).toMatchObject({ payload: 'thin', url, events: ['customer.created'] });
    await sendEvents(stripe, (await find())!, EVENT_TYPES);
    expect((await find())!.events.toSorted()).toEqual(EVENT_TYPES.toSorted());
  });
});
