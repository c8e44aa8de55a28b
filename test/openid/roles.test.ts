import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Person, World } from '../world.ts';
import { createSignInWorld, type createBrowser } from './browser.ts';
import type { OpenIdProvider } from './provider.ts';

let world: World;
let provider: OpenIdProvider;
let browser: ReturnType<typeof createBrowser>;
let ada: Person;
let organisation: Person;

const SETTINGS = {
  AUTH_SUBJECT_CLAIM: 'org_id, sub',
  AUTH_ROLE_CLAIM: 'roles',
  AUTH_BILLING_ROLES: 'owner',
};

beforeEach(async () => {
  ({ world, provider, browser, ada } = await createSignInWorld());
  world.configure(SETTINGS);
  organisation = await world.somebody();
});

const signInAs = (roles: string[]) =>
  provider.signIn('a person', { org_id: organisation.subject, roles, email_verified: true });

const opened = () => world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters['customer'];

describe('the session after a sign-in at the provider', () => {
  it('keeps the organisation and the role in it', async () => {
    signInAs(['owner']);
    await browser.visit('/billing/manage');
    expect(opened()).toBe(organisation.customer);
    // From the cookie: the provider is not asked again.
    provider.signIn(undefined);
    await browser.visit('/billing/manage');
    expect(world.sessionsMade()).toBe(2);
  });

  it('keeps a role that may not bill, too', async () => {
    signInAs(['member']);
    const first = await browser.visit('/billing/manage?flow=payment_method_update');
    expect(first.status).toBe(403);
    // The wrong organisation may be active, or the role is new.
    const other = (to: string) => `href="/billing/authorize?as=other&amp;to=${to}"`;
    expect(await first.text()).toContain(
      other('%2Fbilling%2Fmanage%3Fflow%3Dpayment_method_update'),
    );
    const second = await browser.visit('/billing');
    expect(second.status).toBe(403);
    expect(await second.text()).toContain(other('%2Fbilling'));
    const button = await browser.post('/billing/manage', { flow: 'customer_update' });
    expect(button.status).toBe(403);
    expect(await button.text()).toContain(other('%2Fbilling%2Fmanage%3Fflow%3Dcustomer_update'));
    expect(world.sessionsMade()).toBe(0);
  });

  it('has room for a person of a hundred roles, as only named ones are kept', async () => {
    signInAs([
      ...Array.from({ length: 100 }, (_, number) => `role of no interest ${number}`),
      'owner',
    ]);
    await browser.visit('/billing/manage');
    expect(opened()).toBe(organisation.customer);
    expect(browser.cookie('__Host-account')!.length).toBeLessThan(1_000);
  });

  it('ends when the settings change who may bill', async () => {
    world.configure({ AUTH_BILLING_ROLES: '', AUTH_ROLE_CLAIM: '' });
    signInAs(['member']);
    await browser.visit('/billing/manage');
    expect(opened()).toBe(organisation.customer);
    world.configure(SETTINGS);
    const response = await browser.visit('/billing/manage');
    expect(response.status).toBe(403);
    expect(world.sessionsMade()).toBe(1);
  });

  it('is the same person’s in another organisation: nobody is asked who they are', async () => {
    signInAs(['owner']);
    await browser.visit('/billing/manage');
    provider.signIn('a person', { org_id: ada.subject, roles: ['owner'], email_verified: true });
    vi.setSystemTime(Date.now() + 16 * 60_000);
    await browser.visit('/billing/manage');
    expect(opened()).toBe(ada.customer);
  });
});
