import * as fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LONGEST_LINK_SECONDS } from '../../src/links/lifetime.ts';
import {
  createLinkWorld,
  LINK_SECRET,
  OTHER_SECRET,
  PRESSED,
  signLink,
  type LinkWorld,
} from '../signed-links.ts';
import { ORIGIN, SIGNED_OUT, type Person } from '../world.ts';

const now = Math.floor(Date.now() / 1000);
const sha256 = async (text: string) => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};

let world: LinkWorld;
let ada: Person;
let good: string;

beforeEach(async () => {
  world = await createLinkWorld();
  ada = await world.somebody();
  good = await signLink({ sub: ada.subject });
  world.stripe.requests.length = 0;
});

const referenceless = (page: string) =>
  page.replaceAll(
    /<code>[^<]*|nonce="[^"]*"|nonce-[^']*|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g,
    '',
  );

/** The page of a link that does not work, looked at and pressed; nothing is called at Stripe. */
async function refusal(query: string, fields: [string, string][]): Promise<string> {
  const looked = await world.visit(`/billing/manage?${query}`, { headers: SIGNED_OUT });
  const pressed = await world.visit('/billing/manage', {
    method: 'POST',
    headers: PRESSED,
    body: new URLSearchParams([...fields, ['open', 'link']]),
  });
  const pages = [referenceless(await looked.text()), referenceless(await pressed.text())];
  expect([looked.status, pressed.status]).toEqual([403, 403]);
  expect(looked.headers.getSetCookie()).toEqual([]);
  expect(pressed.headers.getSetCookie()).toEqual([]);
  expect(world.stripe.requests).toEqual([]);
  expect(looked.headers.get('x-error-code')).toBe('link_invalid');
  expect(pages[1]).toBe(pages[0]);
  return pages[0]!;
}

const refused = async (token: string) =>
  refusal(new URLSearchParams({ token }).toString(), [['token', token]]);

describe('a link’s token', () => {
  it('works as it was signed', async () => {
    expect((await world.look(good)).status).toBe(200);
  });

  it('is refused alike with any byte changed, missing or added', async () => {
    const page = await refused('junk');
    const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ';
    const mutation = fc.oneof(
      fc.record({ kind: fc.constant('changed'), at: fc.nat(), by: fc.nat(characters.length - 1) }),
      fc.record({ kind: fc.constant('inserted'), at: fc.nat(), by: fc.nat(characters.length - 1) }),
      fc.record({ kind: fc.constant('dropped'), at: fc.nat(), by: fc.constant(0) }),
      fc.record({ kind: fc.constant('cut'), at: fc.nat(), by: fc.constant(0) }),
      fc.record({ kind: fc.constant('doubled'), at: fc.nat(), by: fc.constant(0) }),
    );
    await fc.assert(
      fc.asyncProperty(mutation, async ({ kind, at, by }) => {
        const place = at % good.length;
        const [before, after] = [good.slice(0, place), good.slice(place)];
        const mutated = {
          changed: before + characters[by] + after.slice(1),
          inserted: before + characters[by] + after,
          dropped: before + after.slice(1),
          cut: before,
          doubled: before + after + after,
        }[kind];
        fc.pre(mutated !== good);
        expect(await refused(mutated)).toBe(page);
      }),
      { numRuns: 150 },
    );
  });

  it('is refused with each of its last character’s spare bits set', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(good.at(-1)!);
    for (const spare of [1, 2, 3]) await refused(good.slice(0, -1) + alphabet[last + spare]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['is not valid yet', { nbf: now + 3600 }],
    ['was signed in the future', { iat: now + 3600, exp: now + 7200 }],
    ['lasts more than 30 days', { iat: now, exp: now + LONGEST_LINK_SECONDS + 1 }],
    ['never expires', { exp: undefined }],
    ['does not say when it was signed', { iat: undefined }],
    ['has another purpose', { purpose: 'billing-session' }],
    ['has no purpose', { purpose: undefined }],
    ['is for another audience', { aud: 'https://other.example' }],
    ['is for no audience', { aud: undefined }],
    ['names nobody', { sub: undefined }],
    ['names a subject and a customer', { customer: 'cus_1' }],
    ['names a customer that is none', { sub: undefined, customer: 'sub_1' }],
    ['names no customers', { sub: undefined, customer: [] }],
    ['has a flow that is no text', { flow: 7 }],
  ])('that %s is refused', async (_, claims) => {
    await refused(await signLink({ sub: ada.subject, ...claims }));
  });

  it('may last 30 days, and be signed by a clock that is a little ahead', async () => {
    const claims = { sub: ada.subject, iat: now + 30, exp: now + 30 + LONGEST_LINK_SECONDS };
    expect((await world.look(await signLink(claims))).status).toBe(200);
  });

  it('is refused with another type, key or key id', async () => {
    const claims = { sub: ada.subject };
    await refused(await signLink(claims, { header: { typ: 'JWT' } }));
    await refused(await signLink(claims, { header: { typ: 'portal-link-session+jwt' } }));
    await refused(await signLink(claims, { secret: OTHER_SECRET }));
    await refused(await signLink(claims, { header: { kid: 'unknown' } }));
    const kid = (await sha256(LINK_SECRET)).slice(0, 16);
    expect((await world.look(await signLink(claims, { header: { kid } }))).status).toBe(200);
  });

  it.each<[string, Record<string, unknown>, Parameters<typeof signLink>[1]]>([
    ['audience', { aud: 'https://other.example' }, {}],
    ['audience', { aud: 'https://other.example' }, { secret: OTHER_SECRET }],
    ['not_yet_valid', { nbf: now + 3600 }, {}],
    ['expiry_missing', { exp: undefined }, {}],
    ['signature', {}, { secret: 'a secret that nobody signs with here' }],
  ])(
    'is logged with its reason while keys are rotated: %s, %j, %j',
    async (reason, claims, how) => {
      world.configure({ LINK_SECRET: `${LINK_SECRET},${OTHER_SECRET}` } as never);
      const log = vi.spyOn(console, 'info');
      await refused(await signLink({ sub: ada.subject, ...claims }, how));
      const [line] = log.mock.calls[0] ?? [];
      log.mockRestore();
      expect(JSON.parse(String(line))).toMatchObject({ token_refusal: `link: ${reason}` });
    },
  );

  it('is refused when it is the identity provider’s, as a link’s is as a session', async () => {
    await refused(ada.token);
    expect(await world.openedBy({ authorization: `Bearer ${good}` })).toBeUndefined();
    expect(await world.openedBy({ ...ada.browser, cookie: `session=${good}` })).toBeUndefined();
  });

  it('is refused when there are several, in a query or in a form', async () => {
    const another = await signLink({ sub: (await world.somebody()).subject });
    world.stripe.requests.length = 0;
    for (const [first, second] of [
      [good, another],
      [another, good],
      [good, good],
      [good, ''],
    ] as const) {
      const fields: [string, string][] = [
        ['token', first],
        ['token', second],
      ];
      await refusal(new URLSearchParams(fields).toString(), fields);
    }
  });

  it('counts wherever it stands among other parameters, which count for nothing', async () => {
    const other = await world.somebody();
    for (const query of [
      `customer=${other.customer}&flow=subscription_cancel&token=${good}`,
      `token=${good}&flow=subscription_cancel&customer=${other.customer}`,
    ]) {
      const page = await (
        await world.visit(`/billing/manage?${query}`, { headers: SIGNED_OUT })
      ).text();
      expect(page).toContain('Manage subscription');
      expect(page).not.toContain(other.customer);
      expect(page).not.toContain('subscription_cancel');
    }
  });

  it('is refused where no links are configured', async () => {
    world.configure({ LINK_SECRET: '', EMAIL: undefined, EMAIL_FROM: '' } as never);
    await refused(good);
  });

  it('counts as expired only when all else is right', async () => {
    const past = { iat: now - 7200, exp: now - 3600 };
    expect((await world.look(await signLink({ sub: ada.subject, ...past }))).status).toBe(410);
    await refused(await signLink({ sub: ada.subject, ...past }, { secret: OTHER_SECRET }));
    await refused(await signLink({ sub: ada.subject, ...past, aud: `${ORIGIN}.evil.example` }));
  });
});
