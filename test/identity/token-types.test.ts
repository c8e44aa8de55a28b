import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createLinkWorld, signLink, type LinkWorld } from '../signed-links.ts';
import { SIGNED_OUT, type Person } from '../world.ts';

let world: LinkWorld;
let ada: Person;

beforeEach(async () => {
  world = await createLinkWorld();
  ada = await world.somebody();
});

const LINK = 'portal-link+jwt';
const SESSION = 'portal-link-session+jwt';

/** Types of what other parties sign, and what only resembles ours. */
const others = [
  undefined,
  '',
  'JWT',
  'jwt',
  'at+jwt',
  'id+jwt',
  'logout+jwt',
  'secevent+jwt',
  'dpop+jwt',
  'token-introspection+jwt',
  'kb+jwt',
  'application/jwt',
  'portal-link',
  'portal-link+jws',
  'portal-link+jwt+jwt',
  ' portal-link+jwt',
  'portal-link+jwt ',
  'portal-link+jwt;v=1',
  'text/portal-link+jwt',
  'application/application/portal-link+jwt',
  'portal-link-session',
  'portal-link-session+jwt, portal-link+jwt',
  'portal-lınk+jwt',
  7,
  null,
  true,
  [LINK],
  { typ: LINK },
];

// Each of our kinds with everything that the other needs, so that the type alone is wrong.
const claims = () => ({
  sub: ada.subject,
  method: 'link',
  link_iat: Math.floor(Date.now() / 1000),
});
const sign = async (purpose: string, typ: unknown) =>
  signLink({ ...claims(), purpose }, { header: { typ } as Record<string, string> });

/** What the log says about the token that this visit brings. */
async function refusalOf(visit: () => Promise<Response>): Promise<[number, unknown]> {
  const log = vi.spyOn(console, 'info').mockImplementation(() => {});
  const { status } = await visit();
  const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)));
  log.mockRestore();
  return [status, lines[0]?.token_refusal];
}

const byCookie = async (token: string) =>
  world.visit('/billing', { headers: { ...SIGNED_OUT, cookie: `__Host-billing=${token}` } });

describe('a link', () => {
  it.each([LINK, `application/${LINK}`, LINK.toUpperCase()])(
    'is one with the type %j',
    async (typ) => {
      expect((await world.look(await sign('billing-link', typ))).status).toBe(200);
    },
  );

  it.each([...others, SESSION])('is none with the type %j', async (typ) => {
    for (const purpose of ['billing-link', 'billing-sign-in']) {
      const token = await sign(purpose, typ);
      const refusal = await refusalOf(async () => world.look(token));
      expect(refusal).toEqual([403, 'link: type']);
      expect((await world.press(token)).status).toBe(403);
    }
    expect(world.sessionsMade()).toBe(0);
  });
});

describe('a session of a link', () => {
  it.each([SESSION, `application/${SESSION}`, SESSION.toUpperCase()])(
    'is one with the type %j',
    async (typ) => {
      expect((await byCookie(await sign('billing-session', typ))).status).toBe(200);
    },
  );

  it.each([...others, LINK])('is none with the type %j', async (typ) => {
    const token = await sign('billing-session', typ);
    expect(await refusalOf(async () => byCookie(token))).toEqual([401, 'session: type']);
  });

  it('is none where the site’s own token or the API’s is read', async () => {
    const session = await sign('billing-session', SESSION);
    const link = await sign('billing-link', LINK);
    for (const token of [session, link]) {
      const bearer = { authorization: `Bearer ${token}` };
      expect(await world.openedBy(bearer)).toBeUndefined();
      expect(await world.openedBy({ ...SIGNED_OUT, cookie: `session=${token}` })).toBeUndefined();
      const api = await world.visit('/api/stripe/create-portal-session', {
        method: 'POST',
        headers: { ...bearer, 'content-type': 'application/json' },
      });
      expect(api.status).toBe(401);
    }
    expect((await byCookie(link)).status).toBe(401);
    expect((await byCookie(ada.token)).status).toBe(401);
  });
});
