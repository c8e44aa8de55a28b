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

  it.each(['', 'sub', 'oid', 'user.id', 'account.original'])(
    'is none where %j is billed',
    (claim) => {
      expect(examine({ AUTH_SUBJECT_CLAIM: claim })).toMatchObject({ outcome: 'ok' });
    },
  );
});
