import { beforeEach, describe, expect, it } from 'vitest';
import { createEmailWorld, tokenIn } from './email-world.ts';
import { createOwing } from '../owing.ts';
import { lastOpened, PRESSED, signLink, type LinkWorld } from '../signed-links.ts';
import { SIGNED_OUT, type Person } from '../world.ts';

const CANCEL = 'flow=subscription_cancel';

let world: LinkWorld;
let ada: Person;
let address: string;

beforeEach(async () => {
  ({ world, ada, address } = await createEmailWorld());
  // Nobody signs in but by e-mail.
  world.configure({ SIGN_IN_URL: '' });
});

const visit = async (path: string) => world.visit(path, { headers: SIGNED_OUT });

/** The field of the page's form that says what the visitor came for. */
const goalOn = async (path: string) => {
  const html = await (await visit(path)).text();
  const [form = ''] = /<form method="post".*?<\/form>/s.exec(html) ?? [];
  return /name="to" value="([^"]*)"/.exec(form)?.[1]?.replaceAll('&amp;', '&');
};

/** Comes to an address, and signs in by e-mail in another browser. */
async function mailedLink(path: string): Promise<string> {
  const signIn = (await visit(path)).headers.get('location') ?? '';
  const to = await goalOn(signIn);
  await world.ask({ address, ...(to !== undefined && { to }) });
  return tokenIn(world.mailbox.mails.at(-1)?.text ?? '');
}

const sessionMade = () => world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters;

describe('who came for something and signs in by e-mail', () => {
  it('arrives at that step of the portal, for that subscription', async () => {
    const [first] = [await world.subscribe(ada.customer), await world.subscribe(ada.customer)];
    await world.sync(ada.customer);
    const token = await mailedLink(`/billing/manage?${CANCEL}&subscription=${first.id}`);
    expect(await (await world.look(token)).text()).toContain('>Cancel subscription<');
    expect((await world.press(token)).status).toBe(303);
    expect(sessionMade()).toMatchObject({
      flow_data: { type: 'subscription_cancel', subscription_cancel: { subscription: first.id } },
    });
  });

  it('is asked which of several subscriptions, as signed-in people are', async () => {
    await world.subscribe(ada.customer);
    await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    const token = await mailedLink(`/billing/manage?${CANCEL}`);
    const pressed = await world.press(token);
    expect(pressed.headers.get('location')).toMatch(`/billing?${CANCEL}`);
  });

  it('arrives at the invoice, and is signed in', async () => {
    const { invoice } = await createOwing(world).overdue(ada.customer);
    const token = await mailedLink('/billing/manage?flow=pay');
    expect(await (await world.look(token)).text()).toContain('>Pay now<');
    const pressed = await world.press(token);
    expect(pressed.headers.get('location')).toBe(invoice.hosted_invoice_url);
    expect(pressed.headers.getSetCookie().join()).toContain('__Host-billing=');
  });

  it('hears on /billing that nothing is due', async () => {
    const token = await mailedLink('/billing/manage?flow=pay');
    expect((await world.press(token)).headers.get('location')).toMatch('/billing?flow=pay');
  });

  it('comes back to where they wanted', async () => {
    const token = await mailedLink('/billing/manage?return_to=%2Faccount');
    await world.press(token);
    expect(sessionMade()?.['return_url']).toBe('https://shop.example/account');
  });

  it('finds the way from /billing, from a fault, and after changing the address', async () => {
    const to = encodeURIComponent(`/billing/manage?${CANCEL}`);
    const link = `href="/billing/sign-in?to=${to}"`;
    expect(await (await visit(`/billing?${CANCEL}`)).text()).toContain(link);
    const fault = await visit(`/billing/manage?${CANCEL}&signed_in=1`);
    expect(fault.status).toBe(401);
    expect(await fault.text()).toContain(link);
    const asked = await world.ask({ address, to: `/billing/manage?${CANCEL}` });
    expect(await (await visit(asked.headers.get('location')!)).text()).toContain(link);
  });

  it('keeps it when the link has expired and a new one is mailed', async () => {
    const token = await signLink({
      purpose: 'billing-sign-in',
      customer: ada.customer,
      intent: { flow: 'payment_method_update' },
      iat: Math.floor(Date.now() / 1000) - 7200,
      exp: Math.floor(Date.now() / 1000) - 3600,
    });
    await world.ask({ token });
    await world.press(tokenIn(world.mailbox.mails.at(-1)!.text));
    expect(sessionMade()).toMatchObject({ flow_data: { type: 'payment_method_update' } });
  });

  it('stays signed in as somebody else in the portal, where they can pay', async () => {
    await createOwing(world).overdue(ada.customer);
    const token = await mailedLink('/billing/manage?flow=pay');
    const other = await world.somebody();
    const headers = { ...PRESSED, cookie: other.browser.cookie };
    expect(await (await world.look(token, headers)).text()).not.toContain('>Pay now<');
    await world.press(token, headers, { open: 'instead' });
    expect(lastOpened(world)).toBe(ada.customer);
  });
});

describe('what an address or a form says that the visitor came for', () => {
  it.each([
    'https://evil.example/billing/manage?flow=pay',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/billing/authorize?to=x',
    '/billing/manage',
    '/billing/manage?locale=de',
    `/billing/manage?return_to=${'x'.repeat(2000)}`,
  ])('leads nowhere else: %s', async (to) => {
    const goal = await goalOn(`/billing/sign-in?to=${encodeURIComponent(to)}`);
    expect(goal === undefined || goal === '/billing/manage?flow=pay').toBe(true);
    const asked = await world.ask({ address, to });
    expect(asked.headers.get('location')).toMatch(
      /^\/billing\/sign-in\?sent=[^&]*(&to=%2Fbilling%2Fmanage%3Fflow%3Dpay)?$/,
    );
    await world.press(tokenIn(world.mailbox.mails.at(-1)!.text));
    expect(lastOpened(world) ?? ada.customer).toBe(ada.customer);
  });

  it('opens nothing of others', async () => {
    const other = await world.somebody();
    await world.ask({ address, to: `/billing/manage?customer=${other.customer}` });
    const pressed = await world.press(tokenIn(world.mailbox.mails.at(-1)!.text));
    expect(pressed.headers.get('x-error-code')).toBe('customer_not_yours');
    expect(world.sessionsMade()).toBe(0);
  });

  it('sends nobody back to other sites', async () => {
    await world.ask({ address, to: '/billing/manage?return_to=https%3A%2F%2Fevil.example' });
    await world.press(tokenIn(world.mailbox.mails.at(-1)!.text));
    expect(sessionMade()?.['return_url']).toBe('https://shop.example/billing');
  });

  it('counts in links of ours only: a back end’s has a flow of its own', async () => {
    const intent = { flow: 'subscription_cancel', customer: 'cus_x' };
    await world.press(await signLink({ sub: ada.subject, intent }));
    expect(sessionMade()).not.toHaveProperty('flow_data');
  });
});
