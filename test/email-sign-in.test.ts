import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { networkOf } from '../src/http/client.ts';
import { LANGUAGES } from '../src/pages/locale.ts';
import { skipPauses } from './clock.ts';
import { openOutside } from './outside.ts';
import { createLinkWorld, lastOpened, PRESSED, signLink, type LinkWorld } from './signed-links.ts';
import { SIGNED_OUT, type Person } from './world.ts';

let world: LinkWorld;
let ada: Person;
let address: string;

beforeEach(async () => {
  // Mails are made a moment after the response.
  skipPauses(100);
  world = await createLinkWorld();
  ada = await world.somebody();
  address = `${ada.subject}.1@example.com`;
});

const page = async () => world.visit('/billing/sign-in', { headers: SIGNED_OUT });
const tokenIn = (text: string) => /(?<=token=)[\w.-]+/.exec(text)?.[0] ?? '';

/** Lines that go to the log as errors from now on. */
function errorsLogged(): string[] {
  const lines: string[] = [];
  vi.spyOn(console, 'error').mockImplementation((line) => {
    lines.push(String(line));
  });
  return lines;
}

const bare = (html: string) => html.replaceAll(/nonce="[^"]*"/g, '');

describe('signing in by e-mail', () => {
  it('is offered where people are asked to sign in', async () => {
    const billing = await world.visit('/billing', { headers: SIGNED_OUT });
    expect(await billing.text()).toContain('href="/billing/sign-in"');
    world.configure({ SIGN_IN_URL: '' });
    const link = await world.visit('/billing/manage', { headers: SIGNED_OUT });
    expect(link.headers.get('location')).toBe('/billing/sign-in');
    expect(await (await page()).text()).toContain('name="address" type="email"');
  });

  it('is absent without an e-mail binding', async () => {
    world.configure({ EMAIL: undefined } as never);
    expect((await page()).status).toBe(404);
    expect((await world.ask({ address })).status).toBe(404);
    const billing = await world.visit('/billing', { headers: SIGNED_OUT });
    expect(await billing.text()).not.toContain('/billing/sign-in');
  });

  it('mails a link that opens the customer’s portal', async () => {
    const response = await world.ask({ address });
    expect(response.status).toBe(200);
    expect(world.mailbox.mails).toHaveLength(1);
    const [mail] = world.mailbox.mails;
    expect(mail).toMatchObject({
      to: address,
      from: { email: 'billing@shop.example', name: 'Example Shop' },
      subject: 'Your link to billing at Example Shop',
    });
    const token = tokenIn(mail!.text);
    expect(mail!.html).toContain(`token=${token}"`);
    await world.press(token);
    expect(lastOpened(world)).toBe(ada.customer);
  });

  it('answers an unknown address alike, and mails nobody', async () => {
    const known = await world.ask({ address });
    const unknown = await world.ask({ address: `nobody-${address}` });
    expect(unknown.status).toBe(known.status);
    expect(bare(await unknown.text())).toBe(bare(await known.text()));
    const names = (response: Response) => [...response.headers.keys()].toSorted();
    expect(names(unknown)).toEqual(names(known));
    expect(world.mailbox.mails).toHaveLength(1);
  });

  it('asks D1, which knows who is who, only after the answer', async () => {
    world.queries.length = 0;
    let before = -1;
    await world.ask({ address }, {}, () => {
      before = world.queries.length;
    });
    // Who has the address, who of them may be mailed, and the count.
    expect([before, world.queries.length]).toEqual([0, 3]);
    expect(world.mailbox.mails).toHaveLength(1);
  });

  it('puts all customers of an address on one link, whose page offers the choice', async () => {
    const shared = `shared-${address}`;
    await world.keep({ id: 'cus_first', subject: 'one', name: 'First', email: shared });
    await world.keep({ id: 'cus_second', subject: 'two', name: 'Second', email: shared });
    await world.ask({ address: shared });
    expect(world.mailbox.mails).toHaveLength(1);
    const choice = await (await world.look(tokenIn(world.mailbox.mails[0]!.text))).text();
    expect(choice).toContain('First');
    expect(choice).toContain('Second');
    expect(choice.match(/<button/g)).toHaveLength(2);
  });

  it('finds an address in whatever case, and mails it as Stripe has it', async () => {
    await world.ask({ address: `  ${address.toUpperCase()} ` });
    expect(world.mailbox.mails[0]?.to).toBe(address);
  });

  it.each(['other mode', 'deleted'])('does not know customers that are %s', async (which) => {
    const gone = `gone-${address}`;
    const isLive = which === 'other mode';
    const id = `cus_gone_${isLive}`;
    await world.keep({ id, subject: 'gone', email: gone }, isLive);
    const [ticket] = await world.stores.syncs.takeTickets([id], isLive, new Date());
    if (!isLive) await world.stores.syncs.write([{ kind: 'deleted', ...ticket! }], new Date());
    await world.ask({ address: gone });
    expect(world.mailbox.mails).toEqual([]);
  });

  it.each(['', 'nobody', 'two words@example.com', 'a@b@c', `${'x'.repeat(250)}@example.com`])(
    'says that %j is no address',
    async (typed) => {
      const response = await world.ask({ address: typed });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('This is not an e-mail address.');
    },
  );

  it('is only for the form on our own page', async () => {
    const response = await world.ask({ address }, { 'sec-fetch-site': 'cross-site' });
    expect(response.status).toBe(403);
    expect(world.mailbox.mails).toEqual([]);
  });

  it.each(LANGUAGES.map((language) => [language.tag, language] as const))(
    'writes page and mail in %s',
    async (tag, { emailSignIn, mail }) => {
      const response = await world.visit(`/billing/sign-in?locale=${tag}`, {
        method: 'POST',
        headers: { ...PRESSED, 'cf-connecting-ip': `198.51.100.${tag}` },
        body: new URLSearchParams({ address }),
      });
      expect(await response.text()).toContain(emailSignIn.sentTitle);
      const [sent] = world.mailbox.mails;
      expect(sent?.subject).toBe(mail.subject('Example Shop'));
      expect(sent?.text).toContain(mail.notYou);
      expect(sent?.html).toContain(`<html lang="${tag}">`);
    },
  );

  it('writes a failure into the log by its code alone', async () => {
    const lines = errorsLogged();
    world.mailbox.fail('E_SENDER_NOT_VERIFIED', `cannot send to ${address}`);
    expect((await world.ask({ address })).status).toBe(200);
    expect(lines).toEqual(['{"event":"sign_in_email_failed","code":"E_SENDER_NOT_VERIFIED"}']);
  });

  it('lets nobody learn from a broken database who is known', async () => {
    const lines = errorsLogged();
    world.failQuery('D1_ERROR: overloaded');
    expect((await world.ask({ address })).status).toBe(200);
    expect(world.mailbox.mails).toEqual([]);
    expect(lines).toHaveLength(1);
  });
});

describe('the rate limit', () => {
  it('lets two mails a minute go to an address, and tells nobody', async () => {
    const answers: string[] = [];
    for (let times = 0; times < 4; times += 1) {
      const response = await world.ask({ address }, { 'cf-connecting-ip': `203.0.113.${times}` });
      answers.push(bare(await response.text()));
    }
    expect(world.mailbox.mails).toHaveLength(2);
    expect(new Set(answers).size).toBe(1);
  });

  it('stops a client that asks too often', async () => {
    const statuses: number[] = [];
    for (let times = 0; times < 12; times += 1) {
      statuses.push((await world.ask({ address: `x${times}@example.com` })).status);
    }
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(statuses.slice(10)).toEqual([429, 429]);
  });

  it('sends nothing while nobody counts', async () => {
    const down = {
      limit: async () => {
        throw new Error('The limiter is down.');
      },
    };
    world.configure({ SIGN_IN_BY_CLIENT: down });
    const response = await world.ask({ address });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('10');
    expect(world.mailbox.mails).toEqual([]);
  });

  it('counts by hashes that do not give addresses away', async () => {
    const keys: string[] = [];
    const limiter = {
      limit: async ({ key }: RateLimitOptions) => {
        keys.push(key);
        return { success: true };
      },
    };
    world.configure({ SIGN_IN_BY_ADDRESS: limiter, SIGN_IN_BY_CLIENT: limiter });
    await world.ask({ address });
    await world.ask({ address: address.toUpperCase() });
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0DB8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::9', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
  ])('counts %s as %s', (ip, network) => expect(networkOf(ip)).toBe(network));
});

describe('the mails of a day', () => {
  const free = { limit: async () => ({ success: true }) };
  beforeEach(() => world.configure({ SIGN_IN_BY_ADDRESS: free, SIGN_IN_BY_CLIENT: free }));
  const askTimes = async (times: number, fields: Record<string, string>, network = '') => {
    const pages = new Set<string>();
    for (let time = 0; time < times; time += 1) {
      const client = { 'cf-connecting-ip': network || `198.51.100.${time}` };
      const response = await world.ask(fields, client);
      pages.add(`${response.status} ${bare(await response.text())}`);
    }
    return pages;
  };
  const advance = (seconds: number) =>
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });

  it('to one customer are five, wherever they are asked for, and the page says nothing', async () => {
    const pages = await askTimes(7, { address });
    expect(world.mailbox.mails).toHaveLength(5);
    expect(pages.size).toBe(1);
    // The links that the customer has go on working.
    const tokens = world.mailbox.mails.map(({ text }) => tokenIn(text));
    for (const token of tokens) expect((await world.press(token)).status).toBe(303);
    advance(86_400 - 60);
    await askTimes(1, { address });
    expect(world.mailbox.mails).toHaveLength(5);
    advance(120);
    await askTimes(1, { address });
    expect(world.mailbox.mails).toHaveLength(6);
  });

  it('to one customer are five at the same time, too', async () => {
    await Promise.all(
      Array.from({ length: 8 }, async (_, time) =>
        world.ask({ address }, { 'cf-connecting-ip': `198.51.100.${time}` }),
      ),
    );
    expect(world.mailbox.mails).toHaveLength(5);
  });

  it('to one customer are five, renewals and a changed address included', async () => {
    const exp = Math.floor(Date.now() / 1000) - 120;
    const token = await signLink({ customer: ada.customer, iat: exp - 60, exp });
    await askTimes(3, { address });
    await askTimes(3, { token });
    expect(world.mailbox.mails).toHaveLength(5);
    await world.keep({ id: ada.customer, subject: ada.subject, email: 'other@example.com' });
    await askTimes(1, { address: 'other@example.com' });
    expect(world.mailbox.mails).toHaveLength(5);
    const eve = await world.somebody();
    await askTimes(1, { address: `${eve.subject}.1@example.com` });
    expect(world.mailbox.mails).toHaveLength(6);
  });

  it('to one customer cannot be used up by another who then takes the same address', async () => {
    const eve = await world.somebody();
    await askTimes(5, { address: `${eve.subject}.1@example.com` });
    await world.keep({ id: eve.customer, subject: eve.subject, email: address });
    world.mailbox.mails.length = 0;
    await askTimes(1, { address });
    const token = tokenIn(world.mailbox.mails[0]?.text ?? '');
    expect((await world.press(token)).status).toBe(303);
    expect(lastOpened(world)).toBe(ada.customer);
  });

  it('for one client’s network are fifty an hour', async () => {
    const names = Array.from({ length: 51 }, (_, number) => `many${number}`);
    await world.keepAll(
      names.map((name) => ({ id: `cus_${name}`, subject: name, email: `${name}@example.com` })),
    );
    const networks = ['2001:db8:1:2::1', '2001:db8:1:2:3:4:5:6'];
    await Promise.all(
      Array.from({ length: 51 }, async (_, number) => {
        const client = { 'cf-connecting-ip': networks[number % 2]! };
        await world.ask({ address: `many${number}@example.com` }, client);
      }),
    );
    expect(world.mailbox.mails).toHaveLength(50);
    await askTimes(1, { address }, networks[0]);
    expect(world.mailbox.mails).toHaveLength(50);
    advance(3601);
    await askTimes(1, { address }, networks[0]);
    expect(world.mailbox.mails).toHaveLength(51);
  });

  it('are kept under hashes, and the cron job forgets them', async () => {
    const count = async () =>
      (await env.DB.prepare('select counted from mails').all<{ counted: string }>()).results;
    await env.DB.prepare('delete from mails').run();
    await askTimes(1, { address });
    const kept = await count();
    expect(kept).toHaveLength(2);
    for (const { counted } of kept) expect(counted).toMatch(/^[0-9a-f]{64}$/);
    await world.runCron(new Date(Date.now() + 86_300_000));
    expect(await count()).toHaveLength(2);
    await world.runCron(new Date(Date.now() + 86_500_000));
    expect(await count()).toEqual([]);
  });
});

describe('the address that a mail goes to', () => {
  it.each([
    'ada@example.com, eve@evil.example',
    'ada@example.com;eve@evil.example',
    'Ada <ada@example.com>',
    '<ada@example.com>',
    'ada@example.com@evil.example',
    'ada@example.com\r\nBcc: eve@evil.example',
    'ada\u0000@example.com',
    'ada\u200b@example.com',
    'ada\u2028@example.com',
    'ada@exa mple.com',
    'ada@example..com',
    'ada@-example.com',
    'ada@[192.0.2.1]',
    'ada@192.0.2.1',
    'ada@127.1',
    'ada@example.com/path',
    'ada@example.com:25',
    'ada@ex%61mple.com',
    '"ada@home"@example.com',
    '.ada@example.com',
    'ada(eve)@example.com',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.example`,
    'ada@',
    '@example.com',
    '\ud800@example.com',
  ])('is one valid address: %j of Stripe gets nothing', async (email) => {
    await world.keep({ id: ada.customer, subject: ada.subject, email });
    const lines = errorsLogged();
    const exp = Math.floor(Date.now() / 1000) - 120;
    const token = await signLink({ customer: ada.customer, iat: exp - 60, exp });
    expect((await world.ask({ token })).status).toBe(200);
    expect(world.mailbox.mails).toEqual([]);
    expect(lines).toEqual(['{"event":"sign_in_email_failed","code":"recipient_invalid"}']);
    expect((await world.ask({ address: email })).status).toBe(400);
  });

  it.each(['ada+tag@example.com', "o'hara@sub.example.co.uk", `${'a'.repeat(64)}@example.com`])(
    'can be %j',
    async (email) => {
      await world.keep({ id: ada.customer, subject: ada.subject, email });
      await world.ask({ address: email });
      expect(world.mailbox.mails.map(({ to }) => to)).toEqual([email]);
    },
  );

  it.each([
    ['ada@münchen.example', 'ada@xn--mnchen-3ya.example'],
    ['ada@xn--mnchen-3ya.example', 'Ada@MÜNCHEN.example'],
    ['ada@xn--mnchen-3ya.example', 'ada@mu\u0308nchen.example'],
    ['ada@münchen.example', 'ADA@XN--MNCHEN-3YA.EXAMPLE'],
    ['Ada@Example.com', 'ada@EXAMPLE.com'],
  ])('is %j when %j is typed', async (keptByStripe, typedByHand) => {
    const own = (text: string) =>
      text.replace(/^ada/i, (name) => (name === 'ADA' ? ada.subject.toUpperCase() : ada.subject));
    const [kept, typed] = [own(keptByStripe), own(typedByHand)];
    await world.keep({ id: ada.customer, subject: ada.subject, email: kept });
    for (let times = 0; times < 2; times += 1) await world.ask({ address: typed });
    await world.ask({ address: kept });
    // Cloudflare's limiter counts both spellings as one address: two mails a minute.
    expect(world.mailbox.mails.map(({ to }) => to)).toEqual([kept, kept]);
  });

  it('is another’s if a letter only looks like it when it is made small', async () => {
    const [kelvin, k] = ['\u212Aim@example.com', 'kim@example.com'];
    const eve = await world.somebody();
    await world.keep({ id: ada.customer, subject: ada.subject, email: k });
    await world.keep({ id: eve.customer, subject: eve.subject, email: kelvin, createdAt: 0 });
    await world.ask({ address: kelvin });
    await world.ask({ address: k });
    expect(world.mailbox.mails.map(({ to }) => to)).toEqual([kelvin, k]);
    await world.press(tokenIn(world.mailbox.mails[0]!.text));
    expect(lastOpened(world)).toBe(eve.customer);
    await world.press(tokenIn(world.mailbox.mails[1]!.text));
    expect(lastOpened(world)).toBe(ada.customer);
  });

  it('is found by the index, in all its spellings', async () => {
    world.queries.length = 0;
    await world.ask({ address: 'ada@münchen.example' });
    const [query = ''] = world.queries;
    const bound = [JSON.stringify(['a@b.example', 'a@c.example']), 0, 20];
    const plan = await env.DB.prepare(`explain query plan ${query}`)
      .bind(...bound)
      .all<{ detail: string }>();
    const steps = plan.results.map(({ detail }) => detail).join('\n');
    expect(steps).toContain('SEARCH customers USING INDEX customers_by_email');
  });
});

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

describe('an incomplete configuration', () => {
  it('names what signing in by e-mail lacks', async () => {
    world.configure({ EMAIL_FROM: '', SIGN_IN_BY_CLIENT: undefined } as never);
    const health = await world.visit('/healthz');
    expect(health.status).toBe(503);
    const { problems } = await health.json<{ problems: { key: string }[] }>();
    expect(problems.map(({ key }) => key)).toEqual(['EMAIL_FROM', 'SIGN_IN_BY_CLIENT']);
  });
});
