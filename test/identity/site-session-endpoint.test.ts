import { beforeEach, describe, expect, it } from 'vitest';
import { createWorld, ORIGIN, type Person, type World } from '../world.ts';

const SETTINGS = {
  AUTH_JWKS_URL: '',
  AUTH_ISSUER: '',
  AUTH_AUDIENCE: '',
  AUTH_COOKIE: '',
  PUBLIC_ORIGIN: ORIGIN,
  SESSION_PRESET: 'better-auth',
};
const NAVIGATION = { accept: 'text/html', 'sec-fetch-dest': 'document' };
const COOKIE = '__Secure-better-auth.session_token=secret-of-ada';

let world: World;
let ada: Person;
let asked: Request[];
let answer: (request: Request) => Response | Promise<Response>;

const user = (id: unknown, more: Record<string, unknown> = {}) =>
  Response.json({ session: { id: 's' }, user: { id, ...more } });

beforeEach(async () => {
  world = await createWorld(SETTINGS);
  ada = await world.somebody();
  asked = [];
  answer = () => user(ada.subject);
  world.answerAt('shop.example', async (request) => {
    asked.push(request);
    return answer(request);
  });
});

const follow = async (cookie: string | undefined = COOKIE, headers: Record<string, string> = {}) =>
  world.visit('/billing/manage', {
    headers: { ...NAVIGATION, ...(cookie && { cookie }), ...headers },
  });
const opened = () => world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters['customer'];

describe('an endpoint of one’s own', () => {
  const own = {
    SESSION_PRESET: '',
    SESSION_URL: 'https://app.example/whoami',
    SESSION_HOST: 'app.example',
    SESSION_COOKIES: 'sid, wordpress_logged_in_*',
    SESSION_CLAIMS: 'sub=data.uuid, email=data.mail, customer=https://app.example/stripe',
  };

  it('answers in its own words, and can name the Stripe customer', async () => {
    world.configure(own);
    const seen: string[] = [];
    world.answerAt('app.example', async (request) => {
      seen.push(request.headers.get('cookie') ?? '');
      return Response.json({
        data: { uuid: 'unknown' },
        'https://app.example/stripe': ada.customer,
      });
    });
    await follow('sid=1; other=2; wordpress_logged_in_abc=3');
    expect(opened()).toBe(ada.customer);
    expect(seen).toEqual(['sid=1; wordpress_logged_in_abc=3']);
  });

  it('names nobody while somebody acts for the user', async () => {
    answer = () =>
      Response.json({ session: { impersonatedBy: 'admin' }, user: { id: ada.subject } });
    expect((await follow()).headers.get('location')).toContain('/sign-in');
    answer = () => Response.json({ session: { impersonatedBy: null }, user: { id: ada.subject } });
    await follow();
    expect(opened()).toBe(ada.customer);
  });

  it('counts by an address only when the address is verified', async () => {
    await world.keep({ id: 'cus_by_address', subject: 'ada@example.com' });
    world.configure({
      SESSION_CLAIMS: 'sub=user.email, email=user.email, email_verified=user.emailVerified',
    });
    for (const emailVerified of [false, undefined, 'true']) {
      answer = () => user('x', { email: 'ada@example.com', emailVerified });
      expect((await follow()).headers.get('location')).toContain('/sign-in');
    }
    answer = () => user('x', { email: 'ada@example.com', emailVerified: true });
    await follow();
    expect(opened()).toBe('cus_by_address');
  });

  it('is asked in spite of a header that is for something else', async () => {
    await follow(COOKIE, { authorization: 'Basic c3RhZ2luZzpwYXNz' });
    expect(opened()).toBe(ada.customer);
  });

  it('is reached by the binding SITE past the network', async () => {
    const fetched: string[] = [];
    const SITE = {
      fetch: async (url: URL) => {
        fetched.push(url.href);
        return user(ada.subject);
      },
    };
    world.configure({ SITE } as unknown as Partial<Env>);
    await follow();
    expect(opened()).toBe(ada.customer);
    expect(fetched).toHaveLength(1);
    expect(asked).toEqual([]);
  });
});
