import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createEmailWorld, tokenIn } from './email-world.ts';
import { spellingsOf } from '../../src/mail/address.ts';
import { lastOpened, signLink, type LinkWorld } from '../signed-links.ts';
import { type Person } from '../world.ts';

let world: LinkWorld;
let ada: Person;

beforeEach(async () => {
  ({ world, ada } = await createEmailWorld());
});

/** Lines that go to the log as errors from now on. */
function errorsLogged(): string[] {
  const lines: string[] = [];
  vi.spyOn(console, 'error').mockImplementation((line) => {
    lines.push(String(line));
  });
  return lines;
}

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
    expect((await world.ask({ token })).status).toBe(303);
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

  it.each(['me@xn--a01.example', 'me@xn--aaa.example', 'me@xn--nx-n.example'])(
    'can be %j, which is no domain in Unicode',
    async (email) => {
      await world.keep({ id: ada.customer, subject: ada.subject, email });
      await world.ask({ address: email });
      expect(world.mailbox.mails.map(({ to }) => to)).toEqual([email]);
      expect(spellingsOf(email)).toEqual([email]);
    },
  );

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
