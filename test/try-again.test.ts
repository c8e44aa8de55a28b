import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { brokenDatabase } from './database.ts';
import { createLinkWorld, PRESSED, signLink, type LinkWorld } from './signed-links.ts';
import { ORIGIN, SIGNED_OUT, type Person } from './world.ts';

let world: LinkWorld;
let ada: Person;

beforeEach(async () => {
  world = await createLinkWorld();
  ada = await world.somebody();
});

const down = () => world.configure({ DB: brokenDatabase('D1_ERROR: Network connection lost.') });
const up = () => world.configure({ DB: env.DB });

/** Where the page's link leads, as a browser resolves it. */
async function tryAgainOf(response: Response, path: string): Promise<string> {
  expect(response.status).toBe(503);
  const [, href] = /<a [^>]*href="([^"]*)"[^>]*>Try again</.exec(await response.text()) ?? [];
  if (href === undefined) throw new Error('There is no link to try again.');
  return new URL(href, new URL(path, ORIGIN)).href;
}

describe('“Try again”', () => {
  it('keeps what was asked for', async () => {
    const path = '/billing/manage?flow=payment_method_update&return_to=/account';
    down();
    const again = await tryAgainOf(await world.visit(path, { headers: ada.browser }), path);
    up();
    await world.visit(again, { headers: ada.browser });
    expect(world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters).toMatchObject({
      return_url: `${ORIGIN}/account`,
      flow_data: { type: 'payment_method_update' },
    });
  });

  it('keeps a signed link, whose token stands nowhere on the page', async () => {
    const token = await signLink({ sub: ada.subject });
    down();
    const failed = await world.look(token);
    expect(await failed.clone().text()).not.toContain(token);
    const again = await tryAgainOf(failed, `/billing/manage?token=${token}`);
    up();
    const page = await (await world.visit(again, { headers: SIGNED_OUT })).text();
    expect(page).toContain(`name="token" value="${token}"`);
  });

  it('goes from a form to the billing page', async () => {
    down();
    const init = { method: 'POST', headers: { ...PRESSED, cookie: ada.browser.cookie } };
    const form = { ...init, body: new URLSearchParams({ flow: 'customer_update' }) };
    const failed = await world.visit('/billing/manage', form);
    expect(await tryAgainOf(failed, '/billing/manage')).toBe(`${ORIGIN}/billing`);
  });
});
