import { beforeEach, describe, expect, it, vi } from 'vitest';
import { TAGS } from '../../src/config/languages.ts';
import { languageOf } from '../../src/pages/locale.ts';
import { bare, createEmailWorld, tokenIn } from './email-world.ts';
import { lastOpened, PRESSED, type LinkWorld } from '../signed-links.ts';
import { SIGNED_OUT, type Person } from '../world.ts';

let world: LinkWorld;
let ada: Person;
let address: string;

beforeEach(async () => {
  ({ world, ada, address } = await createEmailWorld());
});

const page = async () => world.visit('/billing/sign-in', { headers: SIGNED_OUT });

/** The page that a browser is sent to once the form is sent. */
async function sentPage(response: Response): Promise<string> {
  const sent = await world.visit(response.headers.get('location') ?? '', { headers: SIGNED_OUT });
  return sent.text();
}

/** Lines that go to the log as errors from now on. */
function errorsLogged(): string[] {
  const lines: string[] = [];
  vi.spyOn(console, 'error').mockImplementation((line) => {
    lines.push(String(line));
  });
  return lines;
}

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
    expect(response.status).toBe(303);
    expect(world.mailbox.mails).toHaveLength(1);
    const [mail] = world.mailbox.mails;
    expect(mail).toMatchObject({
      to: address,
      from: { email: 'billing@shop.example', name: 'Example Shop' },
      subject: 'Your billing link for Example Shop',
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
    const names = (response: Response) => [...response.headers.keys()].toSorted();
    expect(names(unknown)).toEqual(names(known));
    const [one, other] = [await sentPage(known), await sentPage(unknown)];
    expect(bare(other.replaceAll('n•••1@', 'u•••1@'))).toBe(bare(one));
    expect(world.mailbox.mails).toHaveLength(1);
  });

  it('says where the link goes, by an address that is masked, and lets it be changed', async () => {
    const asked = await world.ask({ address });
    expect(decodeURIComponent(asked.headers.get('location')!)).not.toContain(address);
    const html = await sentPage(asked);
    expect(html).toContain('If u•••1@example.com belongs to a customer, a link is on its way.');
    expect(html).toMatch(/href="\/billing\/sign-in"[^>]*>Change the address</);
  });

  it.each([
    'Call 555 now',
    'call-555@example.com',
    'c•••all-555@example.com',
    'c•555•l@example.com',
    '•••call••••••555•••@example.com',
    'c•••l@example.com•••',
    'c•••l@call 555',
  ])('does not repeat %j from its own address', async (sent) => {
    const path = `/billing/sign-in?sent=${encodeURIComponent(sent)}`;
    const html = await (await world.visit(path, { headers: SIGNED_OUT })).text();
    expect(html.replaceAll(/<input[^>]*>/g, '')).not.toContain(sent);
    expect(html).toContain('If this address belongs to a customer');
  });

  it('fills the field in from its own address, with an address only', async () => {
    const fieldFor = async (email: string) => {
      const path = `/billing/sign-in?email=${encodeURIComponent(email)}`;
      const html = await (await world.visit(path, { headers: SIGNED_OUT })).text();
      return /<input id="address"[^>]* value="([^"]*)"/.exec(html)?.[1];
    };
    expect(await fieldFor(address)).toBe(address);
    expect(await fieldFor('Account locked: call 555')).toBe('');
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
    expect(choice.match(/>Choose</g)).toHaveLength(2);
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
      const html = await response.text();
      expect(html).toContain('This doesn’t look like an e-mail address.');
      expect(html).toContain('<title>Error: Sign in by e-mail');
      expect(html).toMatch(/<input id="address"[^>]* autofocus=""/);
      expect(html).toContain(`value="${typed.slice(0, 254)}"`);
    },
  );

  it('is only for the form on our own page', async () => {
    const response = await world.ask({ address }, { 'sec-fetch-site': 'cross-site' });
    expect(response.status).toBe(403);
    expect(world.mailbox.mails).toEqual([]);
  });

  it.each(TAGS)('writes page and mail in %s', async (tag) => {
    const { emailSignIn, mail } = await languageOf(tag);
    const response = await world.visit(`/billing/sign-in?locale=${tag}`, {
      method: 'POST',
      headers: { ...PRESSED, 'cf-connecting-ip': `198.51.100.${tag}` },
      body: new URLSearchParams({ address }),
    });
    expect(response.headers.get('location')).toContain('/billing/sign-in?sent=');
    const after = await world.visit(`/billing/sign-in?sent&locale=${tag}`, {
      headers: SIGNED_OUT,
    });
    expect(await after.text()).toContain(emailSignIn.sentTitle);
    const [sent] = world.mailbox.mails;
    expect(sent?.subject).toBe(mail.subject('Example Shop'));
    expect(sent?.text).toContain(mail.notYou);
    expect(sent?.html).toContain(`<html lang="${tag}">`);
  });

  it('lets nobody write into the mail by the language', async () => {
    await world.visit('/billing/sign-in?locale=en-GB-x-account-locked-call-555', {
      method: 'POST',
      headers: PRESSED,
      body: new URLSearchParams({ address }),
    });
    expect(world.mailbox.mails[0]?.text).toContain('?locale=en-GB&token=');
  });

  it('writes a failure into the log by its code alone', async () => {
    const lines = errorsLogged();
    world.mailbox.fail('E_SENDER_NOT_VERIFIED', `cannot send to ${address}`);
    expect((await world.ask({ address })).status).toBe(303);
    expect(lines).toEqual(['{"event":"sign_in_email_failed","code":"E_SENDER_NOT_VERIFIED"}']);
  });

  it('lets nobody learn from a broken database who is known', async () => {
    const lines = errorsLogged();
    world.failQuery('D1_ERROR: overloaded');
    expect((await world.ask({ address })).status).toBe(303);
    expect(world.mailbox.mails).toEqual([]);
    expect(lines).toHaveLength(1);
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
