import { beforeEach, describe, expect, it } from 'vitest';
import { createLinkWorld, lastOpened, signLink, type LinkWorld } from './signed-links.ts';
import { ORIGIN, type Person } from './world.ts';

const API_KEY = 'a key of the back end that is long enough';

let world: LinkWorld;
let ada: Person;

beforeEach(async () => {
  world = await createLinkWorld({ LINK_API_KEY: API_KEY });
  world.allowAllFlows();
  ada = await world.somebody();
  world.stripe.requests.length = 0;
});

const postJson = async (path: string, headers: Record<string, string>, body: unknown) =>
  world.visit(path, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const callApi = async (body: unknown) =>
  postJson('/api/stripe/create-portal-session', ada.bearer, body);
const mint = async (body: unknown) =>
  postJson('/api/links', { authorization: `Bearer ${API_KEY}` }, body);
const follow = async (query: Record<string, string>) =>
  world.visit(`/billing/manage?${new URLSearchParams(query).toString()}`, {
    headers: ada.browser,
  });
const wayBack = () => world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters['return_url'];

/** An address on our origin that is so long. */
const addressOf = (length: number) => `${ORIGIN}/x?`.padEnd(length, 'y');

describe('return_to', () => {
  it('may be as long as Stripe takes', async () => {
    const longest = addressOf(5000);
    expect((await callApi({ return_to: longest })).status).toBe(200);
    expect(wayBack()).toBe(longest);
    expect((await follow({ return_to: longest })).status).toBe(303);
    expect(wayBack()).toBe(longest);
  });

  // Written as a path, or with characters that have to be encoded, it is short before it is resolved.
  it.each([
    ['an address', addressOf(5001)],
    ['a path', `/${'y'.repeat(5000 - ORIGIN.length)}`],
    ['umlauts', `/${'ü'.repeat(900)}`],
    ['emoji', `/${'🌍'.repeat(450)}`],
  ])('that is longer, as %s, is the default for links and a 400 for the API', async (_, wanted) => {
    expect(await (await callApi({ return_to: wanted })).json()).toMatchObject({ status: 400 });
    expect(world.sessionsMade()).toBe(0);
    expect((await follow({ return_to: wanted })).status).toBe(303);
    expect(wayBack()).toBe(`${ORIGIN}/billing`);
    const token = await signLink({ sub: ada.subject, return_to: wanted });
    expect((await world.press(token)).status).toBe(303);
    expect(wayBack()).toBe(`${ORIGIN}/billing`);
    expect(world.sessionsMade()).toBe(2);
  });
});

describe('the API', () => {
  const codeOf = async (body: unknown) => {
    const { code } = await (await callApi(body)).json<{ code?: string }>();
    return code;
  };
  const update = { flow: 'subscription_update_confirm' };

  // At the bound a value counts, and is refused for what it is.
  it.each<[string, unknown, unknown, string | undefined]>([
    ['customer', 'c'.repeat(255), 'c'.repeat(256), 'customer_not_yours'],
    ['subscription', 's'.repeat(255), 's'.repeat(256), 'subscription_not_yours'],
    ['price', 'p'.repeat(255), 'p'.repeat(256), undefined],
    ['quantity', 999_999_999, 1_000_000_000, undefined],
    ['quantity', 1, 0, undefined],
    ['quantity', 1, 1e300, undefined],
    ['locale', 'd'.repeat(35), 'd'.repeat(36), undefined],
  ])('takes %s up to its bound', async (name, longest, longer, code) => {
    expect(await codeOf({ ...update, [name]: longest })).toBe(code);
    world.stripe.requests.length = 0;
    expect(await codeOf({ ...update, [name]: longer })).toBe('request_invalid');
    expect(world.stripe.requests).toEqual([]);
  });

  it('takes no other flow, however long', async () => {
    expect(await codeOf({ flow: 'subscription_cancel'.repeat(500) })).toBe('request_invalid');
  });
});

describe('the link', () => {
  it('ignores what is over its bound', async () => {
    const query = {
      customer: 'c'.repeat(256),
      subscription: 's'.repeat(256),
      price: 'p'.repeat(256),
      quantity: '1'.repeat(10),
      locale: 'd'.repeat(36),
      flow: 'f'.repeat(256),
    };
    const response = await follow(query);
    expect(response.headers.get('location')).toContain('https://billing.stripe.com/p/session/');
    expect(lastOpened(world)).toBe(ada.customer);
  });

  it('takes a token of up to 15,000 characters', async () => {
    const padded = async (characters: number) =>
      signLink({ sub: ada.subject, padding: 'x'.repeat(characters) });
    // Base64 has no length of 4n + 1, so the longest may be one shorter.
    let characters = 10_800;
    while ((await padded(characters + 1)).length <= 15_000) characters += 1;
    const longest = await padded(characters);
    expect(longest.length).toBeGreaterThan(14_996);
    expect((await world.look(longest)).status).toBe(200);
    expect((await world.press(longest)).status).toBe(303);
    const longer = await padded(characters + 1);
    expect((await world.look(longer)).status).toBe(403);
    expect((await world.press(longer)).status).toBe(403);
  });
});

describe('a back end’s link', () => {
  it.each([
    ['subject', { subject: 's'.repeat(500) }, { subject: 's'.repeat(501) }],
    ['customer', { customer: `cus_${'c'.repeat(251)}` }, { customer: `cus_${'c'.repeat(252)}` }],
    [
      'return_to',
      { subject: 's', return_to: addressOf(500) },
      { subject: 's', return_to: addressOf(501) },
    ],
    [
      'e-mail address',
      { subject: 's', email: `a@${'b'.repeat(248)}.com` },
      { subject: 's', email: `a@${'b'.repeat(249)}.com` },
    ],
    ['lifetime', { subject: 's', expires_in: 2_592_000 }, { subject: 's', expires_in: 2_592_001 }],
  ])('takes a %s up to its bound', async (_, longest, longer) => {
    const { status } = await mint(longest);
    expect(status).toBe(201);
    expect(await (await mint(longer)).json()).toMatchObject({ code: 'request_invalid' });
  });
});

it('mails to an address of up to 254 characters', async () => {
  // A label of a domain has at most 63 characters (RFC 1035).
  const domain = [63, 63, 63].map((length) => 'b'.repeat(length)).join('.');
  const address = (length: number) => `${'a'.repeat(length - 196)}@${domain}.com`;
  await world.keep({ id: 'cus_long', subject: 'long', email: address(254) });
  expect((await world.ask({ address: address(254) })).status).toBe(303);
  expect(world.mailbox.mails.map(({ to }) => to)).toEqual([address(254)]);
  await world.keep({ id: 'cus_longer', subject: 'longer', email: address(255) });
  expect((await world.ask({ address: address(255) })).status).toBe(400);
  expect(world.mailbox.mails).toHaveLength(1);
});
