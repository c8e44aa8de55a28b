import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createLinkWorld,
  PRESSED,
  sessionCookie,
  signLink,
  type LinkWorld,
} from '../signed-links.ts';
import { SIGNED_OUT, type Person } from '../world.ts';

const A_DAY = 86_400;
const seconds = () => Math.floor(Date.now() / 1000);

let world: LinkWorld;
let ada: Person;

beforeEach(async () => {
  world = await createLinkWorld();
  ada = await world.somebody({ customers: 2 });
});

const revoke = async (principal: { subject: string } | { customers: string[] }) =>
  world.links.revoke(principal);
const works = async (link: string, customer = ada.customer) =>
  (await world.press(link, PRESSED, { customer })).status === 303;
const isSession = async (cookie: string) => {
  const headers = { ...SIGNED_OUT, cookie };
  const response = await world.visit(`/billing/manage?customer=${ada.customer}`, { headers });
  return response.headers.get('location')!.startsWith('https://billing.stripe.com/');
};
const advance = (by: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + by * 1000 });

/** Links that open the first of Ada's customers, by each of its names. */
const linksTo = async (times: Record<string, unknown> = {}) => ({
  bySubject: await signLink({ sub: ada.subject, ...times }),
  byCustomer: await signLink({ customer: ada.customer, ...times }),
  amongSeveral: await signLink({ customer: ada.customers, ...times }),
});

describe('revoking', () => {
  it.each<[string, () => { subject: string } | { customers: string[] }]>([
    ['the subject', () => ({ subject: ada.subject })],
    ['the customer', () => ({ customers: [ada.customer] })],
  ])('%s ends every link and session that opens the customer', async (_, named) => {
    const links = await linksTo();
    const cookies: string[] = [];
    for (const link of Object.values(links)) {
      const opened = await world.press(link, PRESSED, { customer: ada.customer });
      cookies.push(sessionCookie(opened)!);
    }
    expect(await Promise.all(cookies.map(isSession))).toEqual([true, true, true]);
    await revoke(named());
    expect(await Promise.all(Object.values(links).map(async (link) => works(link)))).toEqual([
      false,
      false,
      false,
    ]);
    expect(await Promise.all(cookies.map(isSession))).toEqual([false, false, false]);
  });

  it('leaves links of others, and of another customer of the same subject', async () => {
    const eve = await world.somebody();
    const second = ada.customers[1]!;
    await revoke({ customers: [ada.customer] });
    expect(await works(await signLink({ sub: eve.subject }), eve.customer)).toBe(true);
    expect(await works(await signLink({ customer: second }), second)).toBe(true);
  });

  it('again, by a clock that is slow, brings no link back', async () => {
    const link = await signLink({ sub: ada.subject });
    await revoke({ subject: ada.subject });
    advance(-3600);
    await revoke({ subject: ada.subject });
    vi.useRealTimers();
    expect(await works(link)).toBe(false);
  });

  it('never moves back what was revoked for longer', async () => {
    const later = seconds() + A_DAY;
    await env.DB.prepare('insert into link_revocations (kind, id, not_before) values (?, ?, ?)')
      .bind('subject', ada.subject, later)
      .run();
    await revoke({ subject: ada.subject });
    expect((await world.links.revocationOf({ subject: ada.subject })).until).toBe(later);
  });

  it('ends links of a clock that is a minute ahead, and none that are signed after', async () => {
    const ahead = await linksTo({ iat: seconds() + 58 });
    await revoke({ subject: ada.subject });
    for (const link of Object.values(ahead)) expect(await works(link)).toBe(false);
    advance(65);
    for (const link of Object.values(await linksTo())) expect(await works(link)).toBe(true);
  });

  it('is asked of the primary: a replica may not know it yet', async () => {
    const link = await signLink({ sub: ada.subject });
    await revoke({ customers: [ada.customer] });
    world.lag();
    world.sessions.length = 0;
    expect(await works(link)).toBe(false);
    expect(world.sessions).toEqual(['first-primary']);
  });

  it('the subject ends links of a customer that is another’s later', async () => {
    const link = await signLink({ customer: ada.customer });
    await revoke({ subject: ada.subject });
    await world.keep({ id: ada.customer, subject: 'the new owner' });
    expect(await works(link)).toBe(false);
  });

  it('ends a link of a customer whose subject D1 learns while the link is opened', async () => {
    const { id } = await world.api.customers.create({ metadata: { user_id: ada.subject } });
    const link = await signLink({ customer: id });
    await revoke({ subject: ada.subject });
    const response = await world.press(link);
    expect(response.status).toBe(403);
    expect(sessionCookie(response)).toBeUndefined();
  });

  it('many customers at once costs one statement that reads by the index', async () => {
    const customers = Array.from({ length: 20 }, (_, number) => `cus_many${number}`);
    for (const id of customers) await world.keep({ id, subject: 'agency' });
    await revoke({ customers: [customers[19]!] });
    const link = await signLink({ sub: 'agency' });
    world.queries.length = 0;
    expect((await world.look(link)).status).toBe(403);
    expect(world.queries).toHaveLength(1);
    const plan = await env.DB.prepare(`explain query plan ${world.queries[0]}`)
      .bind('agency')
      .all<{ detail: string }>();
    const steps = plan.results.map(({ detail }) => detail).join('\n');
    expect(steps).toMatch(/SEARCH revoked USING INDEX \S+ \(kind=\? AND id=\?\)/);
    expect(steps).not.toMatch(/SCAN (?:revoked|customers)/);
  });
});

describe('mails to a revoked customer', () => {
  const address = () => `${ada.subject}.1@example.com`;
  const mailsTo = (to: string) => world.mailbox.mails.filter((mail) => mail.to === to).length;

  it.each<[string, () => { subject: string } | { customers: string[] }]>([
    ['the subject', () => ({ subject: ada.subject })],
    ['the customer', () => ({ customers: [ada.customer] })],
  ])('stop when %s is revoked, until the operator allows them', async (_, named) => {
    await revoke(named());
    advance(A_DAY);
    // An intruder has changed the address, and asks for a link to it.
    await world.keep({ id: ada.customer, subject: ada.subject, email: 'intruder@evil.example' });
    const asked = await world.ask({ address: 'intruder@evil.example' });
    expect(asked.status).toBe(303);
    expect(world.mailbox.mails).toEqual([]);
    await world.keep({ id: ada.customer, subject: ada.subject, email: address() });
    await world.links.allowMail(named());
    await world.ask({ address: address() });
    expect(mailsTo(address())).toBe(1);
    const [token = ''] = /(?<=token=)[\w.-]+/.exec(world.mailbox.mails[0]!.text) ?? [];
    expect(await works(token)).toBe(true);
  });

  it('go on by the name that is not allowed again', async () => {
    await revoke({ subject: ada.subject });
    await revoke({ customers: [ada.customer] });
    await world.links.allowMail({ customers: [ada.customer] });
    await world.ask({ address: address() });
    expect(world.mailbox.mails).toEqual([]);
    await world.links.allowMail({ subject: ada.subject });
    await world.ask({ address: address() }, { 'cf-connecting-ip': '192.0.2.2' });
    expect(mailsTo(address())).toBe(1);
  });

  it('leave the others with the same address their link', async () => {
    await world.keep({ id: 'cus_neighbour', subject: 'neighbour', email: address() });
    await revoke({ customers: [ada.customer] });
    await world.ask({ address: address() });
    const [token = ''] = /(?<=token=)[\w.-]+/.exec(world.mailbox.mails[0]?.text ?? '') ?? [];
    const page = await (await world.look(token)).text();
    expect(page).not.toContain(`Account 1 of ${ada.subject}`);
    expect(page.match(/<form method="post"/g)).toHaveLength(1);
  });

  it('are no renewal of a link that was signed and has expired since', async () => {
    await revoke({ customers: [ada.customer] });
    advance(A_DAY);
    const link = await signLink({ sub: ada.subject, iat: seconds() - 7200, exp: seconds() - 3600 });
    const page = await world.look(link);
    expect(page.status).toBe(410);
    expect(await page.text()).not.toContain('<form method="post"');
    expect((await world.ask({ token: link })).status).toBe(410);
    expect(world.mailbox.mails).toEqual([]);
    await world.links.allowMail({ customers: [ada.customer] });
    await world.ask({ token: link });
    expect(mailsTo(address())).toBe(1);
  });

  it('do not bring links back when they are allowed again', async () => {
    const link = await signLink({ sub: ada.subject });
    await revoke({ subject: ada.subject });
    await world.links.allowMail({ subject: ada.subject });
    expect(await works(link)).toBe(false);
  });
});
