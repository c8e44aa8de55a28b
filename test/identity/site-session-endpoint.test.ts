import { describe, expect, it } from 'vitest';
import {
  ada,
  COOKIE,
  follow,
  opened,
  site,
  useBetterAuthSite,
  user,
  world,
} from './better-auth-site.ts';

useBetterAuthSite();

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
    site.answer = () =>
      Response.json({ session: { impersonatedBy: 'admin' }, user: { id: ada.subject } });
    expect((await follow()).headers.get('location')).toContain('/sign-in');
    site.answer = () =>
      Response.json({ session: { impersonatedBy: null }, user: { id: ada.subject } });
    await follow();
    expect(opened()).toBe(ada.customer);
  });

  it('counts by an address only when the address is verified', async () => {
    await world.keep({ id: 'cus_by_address', subject: 'ada@example.com' });
    world.configure({
      SESSION_CLAIMS: 'sub=user.email, email=user.email, email_verified=user.emailVerified',
    });
    for (const emailVerified of [false, undefined, 'true']) {
      site.answer = () => user('x', { email: 'ada@example.com', emailVerified });
      expect((await follow()).headers.get('location')).toContain('/sign-in');
    }
    site.answer = () => user('x', { email: 'ada@example.com', emailVerified: true });
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
    expect(site.asked).toEqual([]);
  });
});
