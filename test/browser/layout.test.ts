import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAccountStates } from './account-states.ts';
import { createLanguageStates } from './language-states.ts';
import { layoutFaultsOf, narrowFaultsOf } from './layout-faults.ts';
import { startSite, type Site } from './site.ts';
import { createStates, goTo, type PageState } from './states.ts';

let site: Site;
let states: PageState[];

beforeAll(async () => {
  site = await startSite();
  await site.configure({ HOME_URL: 'https://shop.example.com/' });
  states = await createStates(site);
});

afterAll(async () => site?.stop());

async function faultsOf(wanted: PageState[], look = layoutFaultsOf): Promise<string[]> {
  const faults: string[] = [];
  for (const state of wanted) {
    const context = await site.browser.newContext({ locale: 'en-US' });
    const page = await context.newPage();
    await goTo(site, page, state);
    const found = await look(page);
    faults.push(...found.map((fault) => `${state.name}: ${fault}`));
    await context.close();
  }
  return faults;
}

it('every page fits where it is narrow, in large text, in forced colours and on paper', async () => {
  expect(states.length).toBeGreaterThan(5);
  expect(await faultsOf(states)).toEqual([]);
}, 300_000);

it('every page in every language fits where it is narrow, and in large text', async () => {
  expect(await faultsOf(await createLanguageStates(site), narrowFaultsOf)).toEqual([]);
}, 300_000);

it('every page about signing in at a provider does, too', async () => {
  const accounts = await createAccountStates(site);
  expect(await faultsOf(accounts.states)).toEqual([]);
  accounts.stop();
}, 300_000);
