import { beforeEach, describe, expect, it } from 'vitest';
import { createWorld, ORIGIN, type Person, type World } from '../world.ts';

// As Better Auth's plugin for organisations answers, with the role added by customSession.
const SETTINGS = {
  AUTH_JWKS_URL: '',
  AUTH_ISSUER: '',
  AUTH_AUDIENCE: '',
  AUTH_COOKIE: '',
  PUBLIC_ORIGIN: ORIGIN,
  SESSION_PRESET: 'better-auth',
  SESSION_CLAIMS: 'sub=user.id, org_id=session.activeOrganizationId, role=role',
  AUTH_BILLING_ROLES: 'owner, admin',
};
const HEADERS = {
  accept: 'text/html',
  'sec-fetch-dest': 'document',
  cookie: '__Secure-better-auth.session_token=secret-of-ada',
};

let world: World;
let person: Person;
let organisation: Person;

beforeEach(async () => {
  world = await createWorld(SETTINGS);
  person = await world.somebody();
  organisation = await world.somebody();
});

const answer = (session: Record<string, unknown>, id = 'a person') =>
  world.answerAt('shop.example', async () => Response.json({ user: { id }, ...session }));

describe('a site that says which organisation is active, and the role in it', () => {
  it.each(['owner', 'member,admin', ['admin']])('lets %j bill', async (role) => {
    answer({ session: { activeOrganizationId: organisation.subject }, role });
    expect(await world.openedBy(HEADERS)).toBe(organisation.customer);
  });

  it.each(['member', '', null, undefined, 7, ['guest']])('does not let %j bill', async (role) => {
    answer({ session: { activeOrganizationId: organisation.subject }, role });
    const response = await world.visit('/billing/manage', { headers: HEADERS });
    expect(response.status).toBe(403);
  });

  it('recognises nobody by a number alone, and blames no outage', async () => {
    answer({ session: { activeOrganizationId: null }, role: null }, '42');
    const response = await world.visit('/billing', { headers: HEADERS });
    expect(response.status).toBe(401);
  });

  it('bills the person alone where none is active', async () => {
    answer({ session: { activeOrganizationId: null }, role: null }, person.subject);
    expect(await world.openedBy(HEADERS)).toBe(person.customer);
  });

  it.each(['customer=session.stripeCustomer', 'customer=user.customer'])(
    'takes no customer beside both, which would need no role: %s',
    async (more) => {
      world.configure({ SESSION_CLAIMS: `${SETTINGS.SESSION_CLAIMS}, ${more}` });
      const { customer } = organisation;
      const session = { activeOrganizationId: organisation.subject, stripeCustomer: customer };
      answer({ session, role: 'member' });
      const response = await world.visit('/billing/manage', { headers: HEADERS });
      expect(response.status).toBe(503);
      expect(response.headers.get('x-error-code')).toBe('configuration_invalid');
    },
  );
});
