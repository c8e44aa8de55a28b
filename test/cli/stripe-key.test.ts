import { expect, it } from 'vitest';
import { examinePortals } from '../../src/cli/doctor/portals.ts';
import { judgeKey } from '../../src/cli/doctor/stripe-key.ts';
import { readTarget } from '../../src/cli/target.ts';
import { createStripe } from '../../src/stripe/client.ts';
import { LIVE_KEY, openWorkplace } from './workplace.ts';

const local = { place: 'local', environment: undefined } as const;
const production = { place: 'remote', environment: undefined } as const;
const namedProduction = { place: 'remote', environment: 'production' } as const;
const staging = { place: 'remote', environment: 'staging' } as const;

it.each([
  ['sk_test_0000000000', local, 'ok', 'Test mode, unrestricted.'],
  ['rk_test_0000000000', local, 'ok', 'Test mode, restricted.'],
  ['rk_live_0000000000', local, 'warning', 'Live mode, restricted.'],
  ['rk_test_0000000000', production, 'warning', 'Test mode, restricted.'],
  ['rk_test_0000000000', namedProduction, 'warning', 'Test mode, restricted.'],
  ['rk_test_0000000000', staging, 'ok', 'Test mode, restricted.'],
  ['sk_live_0000000000', production, 'warning', 'Live mode, unrestricted.'],
  ['rk_live_0000000000', production, 'ok', 'Live mode, restricted.'],
] as const)('judges %s for %o: %s', (key, target, outcome, found) => {
  expect(judgeKey(key, target)).toMatchObject({ outcome, found });
});

it('tells a portal that was saved only in the other mode from one that never was', async () => {
  const workplace = await openWorkplace();
  const client = (secretKey: string) =>
    createStripe({ secretKey, apiBase: new URL(workplace.origin) });
  const subject = {
    target: readTarget(workplace.directory, {}, {}),
    url: undefined,
    customer: undefined,
    portalFile: undefined,
    stored: new Set<string>(),
    database: { kind: 'unbound' as const },
    counters: { kind: 'seen' as const, workers: new Map() },
    fetch,
    now: new Date(),
  };
  const found = async () =>
    (await examinePortals(subject, client(workplace.key), 'test', client(LIVE_KEY)))[0]!.found;
  expect(await found()).toBe('The portal’s settings were never saved in test mode.');
  workplace.stripe.state.portalSaved.live = true;
  expect(await found()).toBe('The portal’s settings were saved only in live mode.');
  workplace.stripe.state.keys.get(LIVE_KEY)!.expired = true;
  expect(await found()).toBe('The portal’s settings were never saved in test mode.');
  const list = async () => Promise.reject(new TypeError('a fault of ours'));
  const broken = Object.assign(client(LIVE_KEY), { billingPortal: { configurations: { list } } });
  const examined = examinePortals(subject, client(workplace.key), 'test', broken);
  await expect(examined).rejects.toThrow(TypeError);
  await workplace.close();
});
