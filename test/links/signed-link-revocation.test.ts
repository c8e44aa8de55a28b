import { describe, expect, it } from 'vitest';
import { LINK_SECRET, OTHER_SECRET, sessionCookie, signLink } from '../signed-links.ts';
import { SIGNED_OUT } from '../world.ts';
import { ada, token, world, useLinkForAda } from './ada.ts';

useLinkForAda();

describe('revocation', () => {
  const works = async (link: string) => (await world.press(link)).status === 303;

  it('by rotating: the previous key’s links work until it is removed', async () => {
    const old = await signLink({ sub: ada.subject }, { secret: OTHER_SECRET });
    world.configure({ LINK_SECRET: `${LINK_SECRET},${OTHER_SECRET}` } as never);
    expect([await works(old), await works(token)]).toEqual([true, true]);
    const cookie = sessionCookie(await world.press(old))!;
    world.configure({ LINK_SECRET } as never);
    expect([await works(old), await works(token)]).toEqual([false, true]);
    const page = await world.visit('/billing', { headers: { ...SIGNED_OUT, cookie } });
    expect(page.status).toBe(401);
  });

  it('of one subject ends its links, those of its customers, and sessions that came of them', async () => {
    const eve = await world.somebody();
    const others = await signLink({ sub: eve.subject });
    const byCustomer = await signLink({ customer: ada.customer });
    const cookie = sessionCookie(await world.press(token))!;
    await world.links.revoke({ subject: ada.subject });
    expect([await works(token), await works(byCustomer), await works(others)]).toEqual([
      false,
      false,
      true,
    ]);
    expect(await (await world.look(token)).text()).toContain('This link doesn’t work');
    const page = await world.visit('/billing', { headers: { ...SIGNED_OUT, cookie } });
    expect(page.status).toBe(401);
  });

  it('of one customer leaves the others', async () => {
    const { customers } = await world.somebody({ customers: 2 });
    const [first, second] = await Promise.all(customers.map((id) => signLink({ customer: id })));
    await world.links.revoke({ customers: [customers[0]!] });
    expect([await works(first!), await works(second!)]).toEqual([false, true]);
  });
});
