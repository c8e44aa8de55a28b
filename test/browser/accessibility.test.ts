import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAccountStates } from './account-states.ts';
import { faultsOfAll } from './faults.ts';
import { startSite, type Site } from './site.ts';
import { createStates, isForSignedIn } from './states.ts';

let site: Site;

beforeAll(async () => {
  site = await startSite();
});

afterAll(async () => site?.stop());

it('no page of somebody signed in has a fault that axe finds, in light or dark, or is wider than 320 px', async () => {
  const states = (await createStates(site)).filter(isForSignedIn);
  expect(states.length).toBeGreaterThan(5);
  expect(await faultsOfAll(site, states)).toEqual([]);
}, 300_000);

it('no page about signing in at a provider has such a fault', async () => {
  const accounts = await createAccountStates(site);
  expect(await faultsOfAll(site, accounts.states)).toEqual([]);
  accounts.stop();
}, 120_000);
