import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAccountStates } from './account-states.ts';
import { createChallengeStates } from './challenge-states.ts';
import { faultsOfAll } from './faults.ts';
import { startSite, type Site } from './site.ts';
import { createStates, isForSignedIn } from './states.ts';

let site: Site;

beforeAll(async () => {
  site = await startSite();
  await site.configure({ HOME_URL: 'https://shop.example.com/' });
});

afterAll(async () => site?.stop());

it('no page of somebody signed in has a fault that axe finds, or fails to fit where it is narrow, large, in forced colours or on paper', async () => {
  const states = (await createStates(site)).filter(isForSignedIn);
  expect(states.length).toBeGreaterThan(5);
  expect(await faultsOfAll(site, states)).toEqual([]);
}, 300_000);

it('no page about signing in at a provider has such a fault', async () => {
  const accounts = await createAccountStates(site);
  expect(await faultsOfAll(site, accounts.states)).toEqual([]);
  accounts.stop();
}, 300_000);

it('no page with a challenge has such a fault', async () => {
  expect(await faultsOfAll(site, await createChallengeStates(site))).toEqual([]);
}, 300_000);
