import { beforeEach, describe, expect, it } from 'vitest';
import { lastOpened, PRESSED, sessionCookie, signLink } from '../signed-links.ts';
import { SIGNED_OUT, type Person } from '../world.ts';
import { ada, token, world, useLinkForAda } from './ada.ts';

useLinkForAda();

describe('a link for somebody else than who is signed in', () => {
  let eve: Person;
  let evesLink: string;

  beforeEach(async () => {
    eve = await world.somebody();
    evesLink = await signLink({ sub: eve.subject, email: 'eve@evil.example' });
  });

  it('names both, masked, and opens nothing without being asked to', async () => {
    const page = await (await world.look(evesLink, ada.browser)).text();
    expect(page).toContain('This link is for another account');
    expect(page).toMatch(/You’re signed in as user_\d+\.1@example\.com/);
    expect(page).toContain('Continue as e•••@<wbr/>evil.example');
    expect(page).toMatch(
      /class="button"[^>]*>Stay signed in as user_\d+<wbr\/>\.1@<wbr\/>example\.com/,
    );
    const response = await world.press(evesLink, { ...PRESSED, cookie: ada.browser.cookie });
    expect(response.status).toBe(200);
    expect(world.sessionsMade()).toBe(0);
  });

  it('opens the other’s portal when asked, and the visitor stays who they are', async () => {
    const headers = { ...PRESSED, cookie: ada.browser.cookie };
    const response = await world.press(evesLink, headers, { open: 'instead' });
    expect(lastOpened(world)).toBe(eve.customer);
    expect(sessionCookie(response)).toBeUndefined();
    const page = await world.visit('/billing', { headers: ada.browser });
    expect(await page.text()).toContain(`Account 1 of ${ada.subject}`);
  });

  it('replaces a session that came of a link, when asked', async () => {
    const cookie = sessionCookie(await world.press(token))!;
    expect((await world.press(evesLink, { ...PRESSED, cookie })).status).toBe(200);
    const switched = await world.press(evesLink, { ...PRESSED, cookie }, { open: 'instead' });
    const page = await world.visit('/billing', {
      headers: { ...SIGNED_OUT, cookie: sessionCookie(switched)! },
    });
    expect(await page.text()).toContain(`Account 1 of ${eve.subject}`);
  });

  it('knows a customer of one’s own for one’s own', async () => {
    const own = await signLink({ customer: ada.customer });
    expect(await (await world.look(own, ada.browser)).text()).not.toContain('another account');
    const foreign = await signLink({ customer: eve.customer });
    expect(await (await world.look(foreign, ada.browser)).text()).toContain('another account');
  });
});
