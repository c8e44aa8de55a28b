import { beforeEach, describe, expect, it } from 'vitest';
import { createOwing } from '../owing.ts';
import { createLinkWorld, PRESSED, signLink, type LinkWorld } from '../signed-links.ts';
import { ORIGIN, type Person } from '../world.ts';

let world: LinkWorld;
let ada: Person;

beforeEach(async () => {
  world = await createLinkWorld();
  ada = await world.somebody();
});

const sessionParameters = () =>
  world.callsTo('/v1/billing_portal/sessions').map(({ parameters }) => parameters);

describe('an expired link', () => {
  const past = () => {
    const expired = Math.floor(Date.now() / 1000) - 120;
    return { iat: expired - 3600, exp: expired };
  };

  it('offers to mail a new one, which opens the same', async () => {
    const old = await signLink({ sub: ada.subject, flow: 'customer_update', ...past() });
    const response = await world.look(old);
    expect(response.status).toBe(410);
    const page = await response.text();
    expect(page).toContain('This link has expired');
    expect(page).toContain('u•••1@example.com');
    expect(page).not.toContain(`${ada.subject}.1@example.com`);
    await world.ask({ token: old });
    const [mail] = world.mailbox.mails;
    expect(mail?.to).toBe(`${ada.subject}.1@example.com`);
    const [fresh = ''] = /(?<=token=)[\w.-]+/.exec(mail?.text ?? '') ?? [];
    await world.press(fresh);
    expect(sessionParameters()).toMatchObject([
      { customer: ada.customer, flow_data: { type: 'customer_update' } },
    ]);
  });

  const renewed = async (claims: Record<string, unknown>) => {
    world.mailbox.mails.length = 0;
    await world.ask({ token: await signLink({ ...past(), ...claims }) });
    const [mail] = world.mailbox.mails;
    const [fresh = ''] = /(?<=token=)[\w.-]+/.exec(mail?.text ?? '') ?? [];
    return { to: mail?.to, fresh };
  };

  it('is renewed to the address that the customer has today, not to the one in it', async () => {
    const email = 'before@example.com';
    expect((await renewed({ customer: ada.customer, email })).to).toBe(
      `${ada.subject}.1@example.com`,
    );
    await world.keep({ id: ada.customer, subject: ada.subject, email: 'today@example.com' });
    const old = await signLink({ sub: ada.subject, email, ...past() });
    const page = await (await world.look(old)).text();
    expect(page).toContain('t•••y@example.com');
    expect(page).not.toContain('b•••e@example.com');
    expect((await renewed({ sub: ada.subject, email })).to).toBe('today@example.com');
  });

  it('of a customer without an address is not renewed, whatever address it names', async () => {
    await world.keep({ id: ada.customer, subject: ada.subject });
    const claims = { sub: ada.subject, email: 'before@example.com', ...past() };
    expect((await world.look(await signLink(claims))).status).toBe(410);
    expect((await world.ask({ token: await signLink(claims) })).status).toBe(410);
    expect(world.mailbox.mails).toEqual([]);
  });

  it('of customers with several addresses opens the customers of one owner only', async () => {
    const several = await world.somebody({ customers: 2 });
    const { customers, subject } = several;
    for (const claims of [{ customer: customers }, { sub: subject }]) {
      const { to, fresh } = await renewed(claims);
      expect(to).toBe(`${subject}.1@example.com`);
      expect((await world.press(fresh, PRESSED, { customer: customers[1]! })).status).toBe(404);
      expect((await world.press(fresh, PRESSED, { customer: customers[0]! })).status).toBe(303);
    }
    // The address in the link counts while one of its customers still has it.
    const email = `${subject}.2@EXAMPLE.com`;
    const { to, fresh } = await renewed({ customer: customers, email });
    expect(to).toBe(`${subject}.2@example.com`);
    expect((await world.press(fresh, PRESSED, { customer: customers[0]! })).status).toBe(404);
  });

  it('can be renewed for 30 days', async () => {
    const aMonth = 30 * 86_400;
    const expiredFor = (seconds: number) => {
      const exp = Math.floor(Date.now() / 1000) - seconds;
      return { sub: ada.subject, iat: exp - 3600, exp };
    };
    expect((await renewed(expiredFor(aMonth - 60))).to).toBeDefined();
    expect((await renewed(expiredFor(aMonth + 60))).to).toBeUndefined();
    const page = await world.look(await signLink(expiredFor(aMonth + 60)));
    expect(page.status).toBe(410);
    expect(await page.text()).not.toContain('<form method="post"');
  });

  it('offers to sign in where no mail can be sent', async () => {
    world.configure({ EMAIL: undefined } as never);
    const response = await world.look(await signLink({ sub: ada.subject, ...past() }));
    expect(response.status).toBe(410);
    const page = await response.text();
    expect(response.headers.get('x-error-code')).toBe('link_expired');
    expect(page).toContain('https://id.example/sign-in?return_to=');
    expect(page).not.toContain('<form method="post"');
  });

  it.each<[{ purpose?: string; flow?: string; intent?: unknown }]>([
    [{ purpose: 'billing-sign-in', intent: { flow: 'payment_method_update' } }],
    [{ flow: 'payment_method_update' }],
    [{ purpose: 'billing-pay' }],
  ])('leads who signs in instead to what it was for: %j', async (claims) => {
    await createOwing(world).overdue(ada.customer);
    const flow = claims.purpose === 'billing-pay' ? 'pay' : 'payment_method_update';
    const goal = `/billing/manage?flow=${flow}`;
    const back = encodeURIComponent(`${ORIGIN}${goal}&signed_in=1`);
    const token = await signLink({ sub: ada.subject, ...claims, ...past() });
    const page = await world.look(token);
    expect(page.status).toBe(410);
    expect(await page.text()).toContain(`href="https://id.example/sign-in?return_to=${back}"`);
    // Without an address of the customer, no new one is mailed.
    await world.keep({ id: ada.customer, subject: ada.subject });
    const to = encodeURIComponent(goal);
    for (const fault of [await world.look(token), await world.ask({ token })]) {
      expect(fault.headers.get('x-error-code')).toBe('link_expired');
      const html = await fault.text();
      expect(html).toContain(`href="https://id.example/sign-in?return_to=${back}"`);
      expect(html).toContain(`href="/billing/sign-in?to=${to}"`);
    }
    world.configure({ EMAIL: undefined } as never);
    expect(await (await world.look(token)).text()).toContain(`return_to=${back}"`);
  });

  it('makes no session', async () => {
    await world.press(await signLink({ sub: ada.subject, ...past() }));
    expect(world.sessionsMade()).toBe(0);
  });
});
