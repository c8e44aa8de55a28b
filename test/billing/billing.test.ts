import { beforeEach, describe, expect, it } from 'vitest';
import { createWorld, ISSUER, ORIGIN, SIGNED_OUT, type World } from '../world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

const page = async (headers: Record<string, string>) =>
  (await world.visit('/billing', { headers })).text();

describe('GET /billing', () => {
  it('shows whose account it is, and one button that posts to the link', async () => {
    const { browser, customer, subject } = await world.somebody();
    const html = await page(browser);
    expect(html).toContain(`Account 1 of ${subject}`);
    expect(html).toContain('<form method="post" action="/billing/manage"');
    expect(html).toContain(`value="${customer}"`);
    expect(html.match(/<form method="post"/g)).toHaveLength(1);
    expect(html).toContain('Example Shop');
    expect(html).toContain('mailto:help@shop.example');
  });

  it('offers the choice between several customers', async () => {
    const { browser, customers } = await world.somebody({ customers: 2 });
    const html = await page(browser);
    for (const customer of customers) expect(html).toContain(`value="${customer}"`);
    expect(html.match(/<form method="post"/g)).toHaveLength(2);
  });

  it('says that a purchase comes first', async () => {
    const { browser } = await world.somebody({ customers: 0 });
    const html = await page(browser);
    expect(html).toContain('Nothing to manage yet');
    expect(html).toContain(`href="${ORIGIN}/pricing"`);
  });

  it('asks somebody who is signed out to sign in, and to come back', async () => {
    const response = await world.visit('/billing', { headers: SIGNED_OUT });
    expect(response.status).toBe(401);
    const html = await response.text();
    expect(html).toContain(`href="${ISSUER}/sign-in?return_to=${encodeURIComponent(ORIGIN)}`);
    expect(html).not.toContain('<form method="post"');
  });

  it('shows names from Stripe as text', async () => {
    const { browser, subject } = await world.somebody({ customers: 0 });
    await world.keep({
      id: `cus_${subject}`,
      subject,
      name: '<script>alert(1)</script>',
    });
    const html = await page(browser);
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;');
  });

  it('styles itself under a policy that lets nothing else in', async () => {
    const { browser } = await world.somebody();
    const response = await world.visit('/billing', { headers: browser });
    const policy = response.headers.get('content-security-policy')!;
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
    expect(await response.text()).toContain(`<style nonce="${nonce}">`);
    expect(policy).toContain("default-src 'none'");
    // With no-referrer the form below would be sent with `Origin: null`.
    expect(response.headers.get('referrer-policy')).toBe('strict-origin');
  });

  it('tells a client that reads JSON, or sends a bad bearer token, why it is not recognised', async () => {
    const none = await world.visit('/billing', { headers: { accept: 'application/json' } });
    expect(await none.json()).toMatchObject({ code: 'sign_in_required' });
    const bad = await world.visit('/billing', { headers: { authorization: 'Bearer bad' } });
    expect(bad.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(await bad.json()).toMatchObject({ code: 'token_invalid' });
  });

  it('tells somebody who comes from signing in, and is unknown still', async () => {
    const first = await world.visit('/billing?flow=subscription_cancel', { headers: SIGNED_OUT });
    const link = /href="([^"]*sign-in[^"]*)"/.exec(await first.text())![1]!;
    const back = new URL(link.replaceAll('&amp;', '&')).searchParams.get('return_to')!;
    expect(back).toContain('flow=subscription_cancel');
    const second = await world.visit(back, { headers: { ...SIGNED_OUT, cookie: 'session=stale' } });
    expect(second.status).toBe(401);
    expect(await second.text()).toContain('We couldn’t sign you in');
  });

  it('says that the database is down', async () => {
    const { brokenDatabase } = await import('../database.ts');
    const { browser } = await world.somebody();
    world.configure({ DB: brokenDatabase('D1_ERROR: Network connection lost.') });
    const response = await world.visit('/billing', { headers: browser });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(response.headers.get('x-error-code')).toBe('database_unavailable');
  });
});
