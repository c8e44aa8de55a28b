import { beforeEach, describe, expect, it } from 'vitest';
import {
  createLinkWorld,
  PRESSED,
  sessionCookie,
  signLink,
  type LinkWorld,
} from '../signed-links.ts';
import { SIGNED_OUT, type Person } from '../world.ts';

describe('an expired token', () => {
  let links: LinkWorld;
  let ada: Person;
  let eve: Person;
  let cookie: string;
  const expiredOf = async (subject: string) =>
    links.provider.sign({ ...links.claims(subject), exp: 1 });

  beforeEach(async () => {
    links = await createLinkWorld();
    ada = await links.somebody();
    eve = await links.somebody();
    cookie = sessionCookie(
      await links.press(await signLink({ sub: ada.subject, email: 'ada@example.com' })),
    )!;
  });

  const billing = async (expired: string) =>
    links.visit('/billing', {
      headers: { ...SIGNED_OUT, cookie: `session=${expired}; ${cookie}` },
    });

  it('does not give way to another subject’s session of a link', async () => {
    expect((await billing(await expiredOf(eve.subject))).status).toBe(401);
    const { openedBy } = links;
    const headers = { ...SIGNED_OUT, cookie: `session=${await expiredOf(eve.subject)}; ${cookie}` };
    expect(await openedBy(headers)).toBeUndefined();
  });

  it('gives way to a session of its own subject', async () => {
    expect((await billing(await expiredOf(ada.subject))).status).toBe(200);
  });

  it('gives way to a session of a customer of its own subject', async () => {
    cookie = sessionCookie(await links.press(await signLink({ customer: ada.customer })))!;
    expect((await billing(await expiredOf(ada.subject))).status).toBe(200);
    expect((await billing(await expiredOf(eve.subject))).status).toBe(401);
  });

  it.each(['before', 'after'])('keeps its place with a worthless cookie %s it', async (where) => {
    const expired = await expiredOf(eve.subject);
    const two = where === 'before' ? `x; session=${expired}` : `${expired}; session=x`;
    expect((await billing(two)).status).toBe(401);
  });

  it('of two subjects makes the page of a link ask', async () => {
    const two = `${await expiredOf(ada.subject)}; session=${await expiredOf(eve.subject)}`;
    const headers = { ...SIGNED_OUT, cookie: `session=${two}` };
    const page = await (await links.look(await signLink({ sub: ada.subject }), headers)).text();
    expect(page).toContain('This link is for another account');
  });

  it('of two subjects recognises nobody', async () => {
    const two = `${await expiredOf(ada.subject)}; session=${await expiredOf(eve.subject)}`;
    expect((await billing(two)).status).toBe(401);
  });

  it('makes the page of a link ask before it opens another account', async () => {
    const headers = { ...SIGNED_OUT, cookie: `session=${await expiredOf(eve.subject)}` };
    const link = await signLink({ sub: ada.subject, email: 'ada@example.com' });
    const page = await (await links.look(link, headers)).text();
    expect(page).toContain('This link is for another account');
    expect(page).toMatch(/You’re signed in as u•••\d@example\.com/);
    expect(page).not.toContain(`${eve.subject}.1@example.com`);
  });

  it('gives way once the visitor agreed to continue as another', async () => {
    const expired = `session=${await expiredOf(eve.subject)}`;
    const headers = { ...PRESSED, cookie: expired };
    const link = await signLink({ sub: ada.subject, email: 'ada@example.com' });
    cookie = sessionCookie(await links.press(link, headers, { open: 'instead' }))!;
    expect((await billing(await expiredOf(eve.subject))).status).toBe(200);
    // A second press of the same link, now recognised by the first, changes nothing.
    const both = { ...PRESSED, cookie: `${expired}; ${cookie}` };
    cookie = sessionCookie(await links.press(link, both))!;
    expect((await billing(await expiredOf(eve.subject))).status).toBe(200);
    const third = await links.somebody();
    expect((await billing(await expiredOf(third.subject))).status).toBe(401);
    // Who has signed in since has agreed to nothing.
    const later = await links.provider.sign({ ...links.claims(eve.subject), exp: 2 });
    expect((await billing(later)).status).toBe(401);
    const valid = { ...SIGNED_OUT, cookie: `${eve.browser['cookie']}; ${cookie}` };
    expect(await links.openedBy(valid)).toBe(eve.customer);
  });
});
