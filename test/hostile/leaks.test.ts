import { describe, expect, it } from 'vitest';
import { leaksInAnswer, leaksInLog } from '../leaks.ts';
import { createWorld } from '../world.ts';

// Every answer and every line of every test is read for leaks (test/world.ts, test/setup.ts).
// Here it is shown that the reader would see one.
const KEY = ['sk', 'test', '4eC39HqLyjWDarjtT1zdp7dc'].join('_');
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJlLW9mLWFubmE';
const PORTAL = 'https://billing.stripe.com/p/session/test_YWNjdF8xMjM';
const INVOICE = 'https://invoice.stripe.com/i/acct_1Kz/test_YWNjdF8xMjM?s=ap';

const answer = (body: string, headers: Record<string, string> = {}, status = 200) => ({
  status,
  headers: new Headers(headers),
  body,
});
const asked = (path: string, headers: Record<string, string> = {}) =>
  new Request(`https://shop.example${path}`, { headers });

describe('the reader of logs sees', () => {
  it.each([
    ['a Stripe key', `{"reason":"Invalid key ${KEY}"}`],
    ['a signing secret', '{"reason":"whsec_0123456789abcdef"}'],
    ['a token', `{"cookie":"${TOKEN}"}`],
    ['a portal URL', `{"location":"${PORTAL}"}`],
    ['an invoice’s address', `{"location":"${INVOICE}"}`],
    ['an e-mail address', '{"email":"anna@customer.example"}'],
  ])('%s', (what, line) => expect(leaksInLog(line)).toEqual([`${what} in the log`]));

  it('nothing in a line as it should be', () => {
    expect(leaksInLog('{"event":"request","reason":"rk_test_******cted lacks a right"}')).toEqual(
      [],
    );
  });
});

describe('the reader of answers sees', () => {
  it.each([
    ['a key in a body', '/billing', answer(`<p>${KEY}</p>`)],
    ['a token in a body', '/billing', answer(TOKEN)],
    ['a token in a header', '/billing', answer('', { 'set-cookie': `a=${TOKEN}` })],
    ['a portal URL on a page', '/billing', answer(`<a href="${PORTAL}">`)],
    ['an invoice’s address on a page', '/billing', answer(`<a href="${INVOICE}">`)],
    ['an invoice’s address in a cookie', '/billing', answer('', { 'set-cookie': INVOICE })],
    [
      'a portal URL in a refusal of the API',
      '/api/stripe/create-portal-session',
      answer(PORTAL, {}, 503),
    ],
    ['a redirect to an invoice from elsewhere', '/billing', answer('', { location: INVOICE }, 303)],
    ['a redirect to the portal from elsewhere', '/billing', answer('', { location: PORTAL }, 303)],
    ['the address of somebody else', '/billing', answer('Signed in as eve@customer.example')],
  ])('%s', (_what, path, given) => expect(leaksInAnswer(asked(path), given)).toHaveLength(1));

  it('nothing in answers as they should be', async () => {
    const world = await createWorld();
    const ada = await world.visitor('ada', { email: 'ada@customer.example' });
    const page = answer('Signed in as ada@customer.example, or help@shop.example');
    expect(leaksInAnswer(asked('/billing', ada.bearer), page)).toEqual([]);
    expect(leaksInAnswer(asked('/billing/manage'), answer('', { location: PORTAL }, 303))).toEqual(
      [],
    );
    expect(leaksInAnswer(asked('/billing/manage'), answer('', { location: INVOICE }, 303))).toEqual(
      [],
    );
    for (const url of [PORTAL, INVOICE]) {
      const session = answer(JSON.stringify({ url }));
      expect(leaksInAnswer(asked('/api/stripe/create-portal-session'), session)).toEqual([]);
    }
  });
});
