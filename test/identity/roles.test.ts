import { beforeAll, describe, expect, it } from 'vitest';
import { createLimiter } from '../limiter.ts';
import { createWorld, ORIGIN } from '../world.ts';

const SETTINGS = {
  AUTH_SUBJECT_CLAIM: 'org_id',
  AUTH_ROLE_CLAIM: 'org_role',
  AUTH_BILLING_ROLES: 'owner, billing admin',
  BILLING_CONTACT: 'mailto:office@shop.example',
};

const LINK_SECRET = 'a secret for links of at least 32 bytes';

let world: Awaited<ReturnType<typeof createWorld>>;
let organisation: Awaited<ReturnType<typeof world.somebody>>;

type Claims = Record<string, unknown>;

/** A member of the organisation, whose own subject nobody bills. */
const member = async (claims: Claims) =>
  world.visitor('a member', { org_id: organisation.subject, ...claims });

const opened = async (claims: Claims) => world.openedBy((await member(claims)).browser);

async function refusal(claims: Claims, path = '/billing/manage') {
  const { bearer } = await member(claims);
  const headers = { ...bearer, accept: 'application/json' };
  const response = await world.visit(path, { headers });
  return { status: response.status, ...((await response.json()) as { code: string }) };
}

beforeAll(async () => {
  world = await createWorld(SETTINGS);
  organisation = await world.somebody();
});

describe('with AUTH_BILLING_ROLES', () => {
  it.each([
    ['as text', 'owner'],
    ['in a list', ['member', 'owner']],
    ['among several in one text', 'member,billing admin'],
  ])('a role that may bill opens the portal, %s', async (_, role) => {
    expect(await opened({ org_role: role })).toBe(organisation.customer);
  });

  it.each<[string, Claims]>([
    ['that is another', { org_role: 'member' }],
    ['that only begins so', { org_role: 'owners' }],
    ['in another case', { org_role: 'Owner' }],
    ['that is missing', {}],
    ['that is empty', { org_role: [] }],
    ['that is an object', { org_role: { owner: true } }],
    ['deeper than a list', { org_role: [['owner']] }],
    ['by another name', { role: 'owner' }],
    ['that users write themselves', { user_metadata: { org_role: 'owner' } }],
  ])('a role %s opens nothing', async (_, claims) => {
    const made = world.sessionsMade();
    const asked = world.queries.length;
    expect(await refusal(claims)).toMatchObject({ status: 403, code: 'role_not_allowed' });
    expect(world.sessionsMade()).toBe(made);
    // The organisation's data is not even read.
    expect(world.queries.length).toBe(asked);
  });

  it.each([
    '/billing',
    '/billing?flow=subscription_cancel',
    '/billing/manage?flow=pay',
    '/billing/manage?flow=payment_method_update',
    `/billing/manage?customer=cus_other`,
  ])('%s is closed to members as well', async (path) => {
    expect(await refusal({ org_role: 'member' }, path)).toMatchObject({ code: 'role_not_allowed' });
  });

  it('the button and the API are closed to members as well', async () => {
    const { browser, bearer } = await member({ org_role: 'member' });
    const button = await world.visit('/billing/manage', {
      method: 'POST',
      headers: { ...browser, origin: ORIGIN, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ customer: organisation.customer }),
    });
    expect(button.status).toBe(403);
    for (const body of [{}, { flow: 'pay' }, { customer: organisation.customer }]) {
      const response = await world.visit('/api/stripe/create-portal-session', {
        method: 'POST',
        headers: { ...bearer, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(await response.json()).toMatchObject({ code: 'role_not_allowed', status: 403 });
    }
  });

  it('the page says who manages billing, and shows nothing of the organisation', async () => {
    const { browser } = await member({ org_role: 'member' });
    const response = await world.visit('/billing/manage', { headers: browser });
    const page = await response.text();
    expect(response.status).toBe(403);
    expect(page).toContain('href="mailto:office@shop.example"');
    expect(page).toContain('>office@shop.example</a>');
    expect(page).not.toContain('Go to billing');
    expect(page).not.toContain(organisation.customer);
    expect(page).not.toContain(`Account 1 of ${organisation.subject}`);
  });

  it('who manages billing can be said in words, which are no markup', async () => {
    world.configure({ BILLING_CONTACT: '<b>the owner</b>' });
    const { browser } = await member({ org_role: 'member' });
    const page = await (await world.visit('/billing', { headers: browser })).text();
    expect(page).toContain('&lt;b&gt;the owner&lt;/b&gt;');
    world.configure(SETTINGS);
  });

  it('a claim’s whole name comes before a path', async () => {
    const claim = 'https://acme.example/roles';
    world.configure({ AUTH_ROLE_CLAIM: claim });
    expect(await opened({ [claim]: ['owner'] })).toBe(organisation.customer);
    expect(await refusal({ 'https://acme': { 'example/roles': 'member' } })).toMatchObject({
      code: 'role_not_allowed',
    });
    world.configure({ AUTH_ROLE_CLAIM: 'realm_access.roles' });
    expect(await opened({ realm_access: { roles: ['owner'] } })).toBe(organisation.customer);
    world.configure(SETTINGS);
  });

  it('a token that names the customer needs the role, too', async () => {
    world.configure({ AUTH_CUSTOMER_CLAIM: 'customer' });
    const { customer } = organisation;
    expect(await opened({ customer, org_role: 'owner' })).toBe(customer);
    expect(await refusal({ customer, org_role: 'member' })).toMatchObject({
      code: 'role_not_allowed',
    });
    world.configure({ AUTH_CUSTOMER_CLAIM: '' });
  });

  it('an address of a person links no customer to their organisation', async () => {
    world.configure({ LINK_BY_EMAIL: 'true' });
    const email = 'private@person.example';
    const { id } = await world.api.customers.create({ email });
    const claims = { org_id: 'org_new', org_role: 'owner', email, email_verified: true };
    expect(await refusal(claims)).toMatchObject({ code: 'customer_not_found' });
    expect((await world.row(id))?.['subject'] ?? null).toBeNull();
    world.configure({ LINK_BY_EMAIL: '' });
  });
});

describe('somebody who may not bill', () => {
  it('reads in the problem, too, who manages billing', async () => {
    const { bearer } = await member({ org_role: 'member' });
    const headers = { ...bearer, accept: 'application/json' };
    const response = await world.visit('/billing/manage', { headers });
    expect(await response.text()).toContain('Who manages billing: office@shop.example');
  });
});

describe('a signed link', () => {
  it('needs no role, and asks a member before it opens their organisation', async () => {
    world.configure({
      LINK_SECRET,
      LINK_API_KEY: 'k'.repeat(32),
      PUBLIC_ORIGIN: ORIGIN,
    } as Partial<Env>);
    const minted = await world.visit('/api/links', {
      method: 'POST',
      headers: { authorization: `Bearer ${'k'.repeat(32)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ subject: organisation.subject }),
    });
    const { url } = (await minted.json()) as { url: string };
    const token = new URL(url).searchParams.get('token')!;
    const { browser } = await member({ org_role: 'member' });
    const press = async (button: string) =>
      world.visit('/billing/manage', {
        method: 'POST',
        headers: {
          ...browser,
          origin: ORIGIN,
          'sec-fetch-site': 'same-origin',
          'sec-fetch-user': '?1',
        },
        body: new URLSearchParams({ token, open: button }),
      });
    const page = await (
      await world.visit(`/billing/manage?token=${token}`, { headers: browser })
    ).text();
    const [, name = '', instead = ''] = /<button[^>]*name="(\w+)" value="(\w+)"/.exec(page) ?? [];
    expect([name, instead]).toEqual(['open', 'instead']);
    const response = await press(instead);
    expect(response.headers.get('location')).toMatch(/^https:\/\/billing\.stripe\.com\//);
    expect(await refusal({ org_role: 'member' })).toMatchObject({ code: 'role_not_allowed' });
  });
});

describe('with a limit of sessions, somebody who may not bill', () => {
  it('uses up none of the owner’s sessions', async () => {
    const limited = await createWorld({
      ...SETTINGS,
      SESSION_LIMIT: createLimiter('SESSION_LIMIT', 3),
    });
    const { subject, customer } = await limited.somebody();
    const as = async (role: string) =>
      (await limited.visitor('a person', { org_id: subject, org_role: role })).browser;
    const refused = await as('member');
    for (let visits = 0; visits < 5; visits += 1) {
      const response = await limited.visit('/billing/manage?flow=pay', { headers: refused });
      expect(response.status).toBe(403);
    }
    expect(await limited.openedBy(await as('owner'))).toBe(customer);
  });
});
