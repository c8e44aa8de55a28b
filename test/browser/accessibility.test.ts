import { afterAll, beforeAll, expect, it } from 'vitest';
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
