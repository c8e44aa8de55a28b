import { beforeEach, describe, expect, it } from 'vitest';
import { createEmailWorld } from './email-world.ts';
import { openOutside } from '../outside.ts';
import { createLinkWorld, type LinkWorld } from '../signed-links.ts';
import { SIGNED_OUT } from '../world.ts';

let world: LinkWorld;
let address: string;

beforeEach(async () => {
  ({ world, address } = await createEmailWorld());
});

const page = async () => world.visit('/billing/sign-in', { headers: SIGNED_OUT });

describe('Turnstile', () => {
  const verdicts: URLSearchParams[] = [];

  const met = { success: true, hostname: 'shop.example', action: 'mail-link' };

  async function withTurnstile(answer: () => Response) {
    world = await createLinkWorld({ TURNSTILE_SITE_KEY: '1x00', TURNSTILE_SECRET_KEY: '1x0000AA' });
    verdicts.length = 0;
    openOutside(
      new Map([
        [
          'challenges.cloudflare.com',
          async (request: Request) => {
            expect(request.url).toBe('https://challenges.cloudflare.com/turnstile/v0/siteverify');
            verdicts.push(new URLSearchParams(await request.text()));
            return answer();
          },
        ],
      ]),
    );
  }

  it('has its widget on the page, whose policy lets it in and no other script', async () => {
    await withTurnstile(() => Response.json({ success: true }));
    const response = await page();
    const html = await response.text();
    expect(html).toContain('data-sitekey="1x00" data-action="mail-link"');
    const policy = response.headers.get('content-security-policy')!;
    const nonce = /nonce="([^"]+)" async/.exec(html)?.[1];
    expect(policy).toContain(`script-src 'nonce-${nonce}' https://challenges.cloudflare.com;`);
    expect(policy).toContain('frame-src https://challenges.cloudflare.com;');
    expect(policy).toContain("frame-ancestors 'none'");
    const elsewhere = await world.visit('/billing', { headers: SIGNED_OUT });
    expect(elsewhere.headers.get('content-security-policy')).not.toContain('script-src');
  });

  it('lets those through that it takes for people', async () => {
    await withTurnstile(() => Response.json(met));
    await world.ask({ address, 'cf-turnstile-response': 'seen' });
    expect(world.mailbox.mails).toHaveLength(1);
    expect(Object.fromEntries(verdicts[0]!)).toMatchObject({
      secret: '1x0000AA',
      response: 'seen',
    });
  });

  it.each<[string, Record<string, string>, () => Response, number]>([
    ['others', { 'cf-turnstile-response': 'x' }, () => Response.json({ success: false }), 403],
    ['who sends no proof', {}, () => Response.json(met), 403],
    [
      'a proof of another host',
      { 'cf-turnstile-response': 'x' },
      () => Response.json({ ...met, hostname: 'evil.example' }),
      403,
    ],
    [
      'a proof of another form',
      { 'cf-turnstile-response': 'x' },
      () => Response.json({ ...met, action: 'comment' }),
      403,
    ],
    [
      'a proof of no page',
      { 'cf-turnstile-response': 'x' },
      () => Response.json({ success: true }),
      403,
    ],
    ['anybody while it is down', { 'cf-turnstile-response': 'x' }, () => new Response('<'), 503],
    ['when it says nothing', { 'cf-turnstile-response': 'x' }, () => Response.json({}), 503],
  ])('stops %s', async (_, fields, answer, status) => {
    await withTurnstile(answer);
    expect((await world.ask({ address, ...fields })).status).toBe(status);
    expect(world.mailbox.mails).toEqual([]);
  });

  it('keeps what was typed for another try', async () => {
    await withTurnstile(() => Response.json({ success: false }));
    const failed = await world.ask({ address, 'cf-turnstile-response': 'x' });
    const policy = failed.headers.get('content-security-policy');
    const html = await failed.text();
    const [, action, form = ''] =
      /<form method="post" action="([^"]*)"[^>]*>(.*?)<\/form>/s.exec(html) ?? [];
    expect(action).toBe('/billing/sign-in');
    expect(form).toContain(`<input type="hidden" name="address" value="${address}"/>`);
    // Its proof counts once, so the form has a new widget, which the policy lets in.
    expect(form).not.toContain('name="cf-turnstile-response"');
    expect(form).toContain('data-sitekey="1x00" data-action="mail-link"');
    expect(policy).toContain('script-src');
    // Addresses of pages are kept in histories and logs.
    expect(html).not.toContain(encodeURIComponent(address));
    expect(failed.headers.get('location')).toBeNull();
  });

  it('takes test keys, which know no page, on a loopback host only', async () => {
    await withTurnstile(() => Response.json({ success: true, hostname: 'example.com' }));
    world.configure({ PUBLIC_ORIGIN: 'http://localhost:8787' });
    await world.ask({ address, 'cf-turnstile-response': 'XXXX.DUMMY.TOKEN.XXXX' });
    expect(world.mailbox.mails).toHaveLength(1);
  });

  it('is not on the page where it is not configured', async () => {
    const response = await page();
    expect(await response.text()).not.toContain('turnstile');
    expect(response.headers.get('content-security-policy')).not.toContain('script-src');
  });
});
