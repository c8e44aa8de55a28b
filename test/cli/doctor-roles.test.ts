import { describe, expect, it } from 'vitest';
import { examineBillingRoles } from '../../src/cli/doctor/identity-roles.ts';

describe('who may bill', () => {
  const examine = (variables: Record<string, string>) =>
    examineBillingRoles({ target: { variables }, stored: new Set<string>() } as never);

  it.each([
    'org_id',
    'o.id',
    'organizationId',
    'https://example.com/team',
    'org_id, sub',
    'tenant',
  ])('is a question where %s is billed', (claim) => {
    expect(examine({ AUTH_SUBJECT_CLAIM: claim })).toMatchObject({
      outcome: 'warning',
      found: expect.stringMatching(/is billed, and AUTH_BILLING_ROLES is empty/),
      next: expect.stringContaining('Set AUTH_ROLE_CLAIM'),
    });
    const roles = { AUTH_SUBJECT_CLAIM: claim, AUTH_BILLING_ROLES: 'owner, admin' };
    expect(examine(roles)).toMatchObject({ outcome: 'ok', found: 'owner, admin may bill.' });
  });

  it.each([
    ['sub=user.id, org_id=session.activeOrganizationId', 'session.activeOrganizationId'],
    ['sub=user.id, org_id=account', 'account'],
    ['sub=session.activeOrganizationId', 'session.activeOrganizationId'],
    ['sub=team.id, email=user.email', 'team.id'],
  ])('is a question where the site’s answer has %s', (SESSION_CLAIMS, billed) => {
    expect(examine({ SESSION_PRESET: 'better-auth', SESSION_CLAIMS })).toMatchObject({
      outcome: 'warning',
      found: expect.stringContaining(`${billed} is billed, and AUTH_BILLING_ROLES is empty`),
      next: expect.stringMatching(
        /^Name the place of the role in SESSION_CLAIMS.+ AUTH_BILLING_ROLES/,
      ),
    });
  });

  it('is a question for every claim beside those of a person', () => {
    expect(examine({ AUTH_SUBJECT_CLAIM: 'account, sub, user_id' }).found).toMatch(
      /^account, user_id is billed/,
    );
    expect(examine({ AUTH_SUBJECT_CLAIM: 'oid, sub, email' })).toMatchObject({ outcome: 'ok' });
  });

  it('is a question where a claim holds roles and no setting names one', () => {
    const AUTH_ROLE_CLAIM = 'org_role';
    expect(examine({ AUTH_ROLE_CLAIM })).toMatchObject({
      outcome: 'warning',
      found: expect.stringContaining('no setting names a role'),
      next: expect.stringContaining('AUTH_BILLING_ROLES'),
    });
    const withRule = (rule: object) =>
      JSON.stringify([
        { name: 'some', id: 'bpc_1', features: [], rules: [rule] },
        { name: 'default', id: 'bpc_2', features: [] },
      ]);
    const forPlan = { AUTH_ROLE_CLAIM, PORTALS: withRule({ products: ['prod_1'] }) };
    expect(examine(forPlan)).toMatchObject({ outcome: 'warning' });
    const forRole = { AUTH_ROLE_CLAIM, PORTALS: withRule({ roles: ['member'] }) };
    expect(examine(forRole)).toMatchObject({ outcome: 'ok' });
  });

  it.each(['sub=user.id, role=role', 'sub=id', ''])(
    'is none where the site’s answer has %j',
    (SESSION_CLAIMS) => {
      expect(examine({ SESSION_CLAIMS })).toMatchObject({ outcome: 'ok' });
    },
  );

  it.each(['', 'sub', 'oid', 'user.id', 'account.original'])(
    'is none where %j is billed',
    (claim) => {
      expect(examine({ AUTH_SUBJECT_CLAIM: claim })).toMatchObject({ outcome: 'ok' });
    },
  );
});
