import { afterAll, beforeAll, expect, it } from 'vitest';
import { examineOpenId } from '../../src/cli/doctor/openid.ts';
import type { Subject } from '../../src/cli/doctor/subject.ts';
import { LINK_SECRET } from '../browser/site.ts';
import { SECRET, startProvider, type RunningProvider } from './provider.ts';

const ORIGIN = 'http://localhost:8787';

let provider: RunningProvider;
beforeAll(async () => {
  provider = await startProvider(`${ORIGIN}/billing/callback`);
});
afterAll(() => provider?.stop());

/** What doctor says of the provider, check by check. */
async function examine(settings: Record<string, string>, stored?: string[]) {
  const variables = {
    AUTH_ISSUER: provider.issuer,
    AUTH_CLIENT_ID: 'public',
    PUBLIC_ORIGIN: ORIGIN,
    LINK_SECRET,
    ...settings,
  };
  const place = stored ? 'remote' : 'local';
  const target = { place, variables };
  const subject = { target, stored: new Set(stored), now: new Date(), fetch };
  const findings = await examineOpenId(subject as unknown as Subject);
  return Object.fromEntries(findings.map(({ check, outcome }) => [check, outcome]));
}

it('finds that the address is registered, without signing in', async () => {
  expect(await examine({})).toEqual({
    openid_discovery: 'ok',
    openid_redirect: 'ok',
    openid_client: 'ok',
    openid_scopes: 'ok',
    openid_claims: 'ok',
    openid_clock: 'ok',
  });
});

it.each([
  ['a client that the provider does not know', { AUTH_CLIENT_ID: 'another' }],
  ['an address that is not registered', { PUBLIC_ORIGIN: 'http://localhost:8788' }],
])('finds %s', async (_, settings) => {
  expect(await examine(settings)).toMatchObject({ openid_redirect: 'failure' });
});

it.each(['basic', 'post'])('tries the secret of a client that sends it by %s', async (id) => {
  const right = { AUTH_CLIENT_ID: id, AUTH_CLIENT_SECRET: SECRET };
  expect(await examine(right)).toMatchObject({ openid_client: 'ok' });
  const wrong = { AUTH_CLIENT_ID: id, AUTH_CLIENT_SECRET: 'old' };
  expect(await examine(wrong)).toMatchObject({ openid_redirect: 'ok', openid_client: 'failure' });
  expect(await examine({ AUTH_CLIENT_ID: id })).toMatchObject({ openid_client: 'failure' });
});

it('tries no secret that only Cloudflare knows, and none where it knows of nothing', async () => {
  const settings = { AUTH_CLIENT_ID: 'basic' };
  const skipped = { openid_redirect: 'ok', openid_client: 'skipped' };
  expect(await examine(settings, ['STRIPE_SECRET_KEY', 'AUTH_CLIENT_SECRET'])).toMatchObject(
    skipped,
  );
  expect(await examine(settings, [])).toMatchObject(skipped);
  expect(await examine(settings, ['STRIPE_SECRET_KEY'])).toMatchObject({
    openid_client: 'failure',
  });
});

it('warns of a scope and of a claim that the provider does not list', async () => {
  const settings = { AUTH_SCOPES: 'openid pets', AUTH_CUSTOMER_CLAIM: 'stripe_customer' };
  expect(await examine(settings)).toMatchObject({
    openid_scopes: 'warning',
    openid_claims: 'warning',
  });
});
