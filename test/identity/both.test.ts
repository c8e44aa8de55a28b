import { beforeAll, describe, expect, it } from 'vitest';
import { createWorld } from '../world.ts';

let world: Awaited<ReturnType<typeof createWorld>>;

const SETTINGS = {
  AUTH_SUBJECT_CLAIM: 'org_id, sub',
  AUTH_ROLE_CLAIM: 'org_role',
  AUTH_BILLING_ROLES: 'owner',
};

beforeAll(async () => {
  world = await createWorld(SETTINGS);
});

/** A person with a customer of their own, and an organisation that has one. */
async function personAndOrganisation() {
  const own = await world.somebody();
  const organisation = await world.somebody();
  const signedIn = async (claims: Record<string, unknown>) =>
    world.visitor(own.subject, { org_id: organisation.subject, ...claims });
  return { own, organisation, signedIn };
}

/** The page of somebody who may see what these organisations have. */
async function pageFor(headers: Record<string, string>, ...organisations: string[]) {
  return (await world.visit('/billing', { headers }, undefined, organisations)).text();
}

describe('a person and their organisation', () => {
  it('are both on the page, and the link asks which', async () => {
    const { own, organisation, signedIn } = await personAndOrganisation();
    const { browser } = await signedIn({ org_role: 'owner' });
    const link = await world.visit('/billing/manage', { headers: browser });
    expect(link.headers.get('location')).toBe('/billing');
    const page = await pageFor(browser, organisation.subject);
    expect(page).toContain(own.customer);
    expect(page).toContain(organisation.customer);
    for (const { customer } of [own, organisation]) {
      const response = await world.visit(`/billing/manage?customer=${customer}`, {
        headers: browser,
      });
      expect(response.headers.get('location')).toMatch(/^https:\/\/billing\.stripe\.com\//);
    }
  });

  it('cost one query of D1 on the way to the portal', async () => {
    const { organisation, signedIn } = await personAndOrganisation();
    const { browser } = await signedIn({ org_role: 'owner' });
    const before = world.queries.length;
    await world.visit(`/billing/manage?customer=${organisation.customer}`, { headers: browser });
    expect(world.queries.length - before).toBe(1);
  });

  it('leave the person alone where the role may not bill', async () => {
    const { own, organisation, signedIn } = await personAndOrganisation();
    const { browser, bearer } = await signedIn({ org_role: 'member' });
    expect(await world.openedBy(browser)).toBe(own.customer);
    const page = await (await world.visit('/billing', { headers: browser })).text();
    expect(page).not.toContain(organisation.customer);
    const response = await world.visit(`/billing/manage?customer=${organisation.customer}`, {
      headers: { ...bearer, accept: 'application/json' },
    });
    expect(await response.json()).toMatchObject({ code: 'role_not_allowed' });
  });

  it('need no role where only the person is named', async () => {
    const own = await world.somebody();
    expect(await world.openedBy(own.browser)).toBe(own.customer);
  });

  it('say that the role may not bill, rather than that nothing was bought', async () => {
    const organisation = await world.somebody();
    const { bearer } = await world.visitor('bought nothing', {
      org_id: organisation.subject,
      org_role: 'member',
    });
    const response = await world.visit('/billing/manage', {
      headers: { ...bearer, accept: 'application/json' },
    });
    expect(await response.json()).toMatchObject({ code: 'role_not_allowed' });
  });

  it('are found at Stripe where D1 knows neither', async () => {
    const metadata = { user_id: 'org_at_stripe' };
    const { id } = await world.api.customers.create({ name: 'Acme', metadata });
    const { browser } = await world.visitor('person_at_stripe', {
      org_id: 'org_at_stripe',
      org_role: 'owner',
    });
    expect(await world.openedBy(browser)).toBe(id);
  });

  it('share a name only by mistake: one that is a number alone counts for neither', async () => {
    await world.keep({ id: 'cus_five', subject: '5' });
    for (const claims of [{ sub: '5' }, { sub: 5 }, { sub: 'x', org_id: 5, org_role: 'owner' }]) {
      const { browser } = await world.visitor('5', claims);
      expect(await world.openedBy(browser)).toBeUndefined();
    }
  });
});

describe('several organisations', () => {
  it('are all billed where no roles are configured', async () => {
    world.configure({
      AUTH_ROLE_CLAIM: '',
      AUTH_BILLING_ROLES: '',
      AUTH_SUBJECT_CLAIM: 'orgs, sub',
    });
    const [one, other] = [await world.somebody(), await world.somebody()];
    const { browser } = await world.visitor('of two', { orgs: [one.subject, other.subject] });
    const page = await pageFor(browser, one.subject, other.subject);
    expect(page).toContain(one.customer);
    expect(page).toContain(other.customer);
  });

  it('are billed by nobody where the token does not say whose the role is', async () => {
    world.configure({ ...SETTINGS, AUTH_SUBJECT_CLAIM: 'orgs, sub' });
    const [one, other] = [await world.somebody(), await world.somebody()];
    const more = { org_role: 'owner' };
    const both = await world.visitor('of two', { ...more, orgs: [one.subject, other.subject] });
    expect(await world.openedBy(both.browser)).toBeUndefined();
    const single = await world.visitor('of one', { ...more, orgs: [one.subject] });
    expect(await world.openedBy(single.browser)).toBe(one.customer);
  });

  it('do not lend their role to another claim’s organisation', async () => {
    world.configure({ ...SETTINGS, AUTH_SUBJECT_CLAIM: 'org_id, team_id, sub' });
    const [one, other] = [await world.somebody(), await world.somebody()];
    const { browser } = await world.visitor('of a team', {
      org_id: one.subject,
      team_id: other.subject,
      org_role: 'owner',
    });
    expect(await world.openedBy(browser)).toBeUndefined();
    world.configure(SETTINGS);
  });

  it('keep no role through a number among them, which names nobody', async () => {
    world.configure({ ...SETTINGS, AUTH_SUBJECT_CLAIM: 'orgs, sub' });
    const organisation = await world.somebody();
    const orgs = ['7', organisation.subject];
    const { browser } = await world.visitor('of two', { orgs, org_role: 'owner' });
    expect(await world.openedBy(browser)).toBeUndefined();
    world.configure(SETTINGS);
  });

  it('count once where two claims name the same', async () => {
    world.configure({ ...SETTINGS, AUTH_SUBJECT_CLAIM: 'org_id, orgs, sub' });
    const { subject, customer } = await world.somebody();
    const claims = { org_id: subject, orgs: [subject], org_role: 'owner' };
    const { browser } = await world.visitor('of one', claims);
    expect(await world.openedBy(browser)).toBe(customer);
    world.configure(SETTINGS);
  });

  it.each([
    ['beside a person', 'org_id, sub', {}],
    ['alone', 'org_id', {}],
  ])('get no customer by the address of a member: %s', async (_, claim, more) => {
    world.configure({
      AUTH_SUBJECT_CLAIM: claim,
      AUTH_ROLE_CLAIM: '',
      AUTH_BILLING_ROLES: '',
      LINK_BY_EMAIL: 'true',
    });
    const email = `${claim.length}@person.example`;
    const { id } = await world.api.customers.create({ email });
    const claims = { org_id: `new ${claim}`, email, email_verified: true, ...more };
    const { browser } = await world.visitor('7', claims);
    expect(await world.openedBy(browser)).toBeUndefined();
    expect((await world.row(id))?.['subject'] ?? null).toBeNull();
    world.configure({ ...SETTINGS, LINK_BY_EMAIL: '' });
  });
});

it('a person’s claim in a namespace of an .org names no organisation', async () => {
  const claim = 'https://example.org/uid';
  world.configure({
    AUTH_SUBJECT_CLAIM: claim,
    AUTH_ROLE_CLAIM: '',
    AUTH_BILLING_ROLES: '',
    LINK_BY_EMAIL: 'true',
  });
  const email = 'namespaced@person.example';
  const { id } = await world.api.customers.create({ email });
  const claims = { [claim]: 'uid_1', email, email_verified: true };
  const { browser } = await world.visitor('x', claims);
  expect(await world.openedBy(browser)).toBe(id);
});
