import { afterAll, beforeAll, expect, it } from 'vitest';
import { faultsOfAll } from './faults.ts';
import { startSite, type Site } from './site.ts';
import { createStates, isForSignedIn } from './states.ts';

let site: Site;

beforeAll(async () => {
  site = await startSite();
  await site.configure({ HOME_URL: 'https://shop.example.com/' });
});

afterAll(async () => site?.stop());

it('no page of somebody signed out has a fault that axe finds, or fails to fit where it is narrow, large, in forced colours or on paper', async () => {
  const states = (await createStates(site)).filter((state) => !isForSignedIn(state));
  expect(states.length).toBeGreaterThan(5);
  expect(await faultsOfAll(site, states)).toEqual([]);
}, 300_000);
