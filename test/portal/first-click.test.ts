import { env } from 'cloudflare:workers';
import { beforeEach, expect, it } from 'vitest';
import { moveToNewLocation } from '../location.ts';
import { createBrowser, createSignInWorld, OPENID_ISSUER } from '../openid/browser.ts';
import { createWaits, inARow, noteStatements } from '../waits.ts';
import { createWorld, type Person, type World } from '../world.ts';

let world: World;
let ada: Person;

beforeEach(async () => {
  world = await createWorld();
  ada = await world.somebody();
});

/** Follows the link, and says what waited for what: each row begins when the last one has ended. */
async function waitsOf(person: Person): Promise<string[][]> {
  const waits = createWaits();
  world.answerAt('id.example', async (request) =>
    waits.note('provider', async () => world.provider.fetch(request)),
  );
  world.answerAt('api.stripe.com', async (request) =>
    waits.note('Stripe', async () => world.stripe.fetch(request)),
  );
  world.configure({ DB: noteStatements(env.DB, waits) });
  const response = await world.visit('/billing/manage', { headers: person.browser });
  expect(response.headers.get('location')).toContain('https://billing.stripe.com/');
  return inARow(waits.log);
}

it('waits for the provider, D1 and Stripe where nobody has been before', async () => {
  expect(await waitsOf(ada)).toEqual([['provider'], ['D1'], ['Stripe']]);
});

it('waits for D1 and Stripe in a new isolate, once a neighbour has asked the provider', async () => {
  await waitsOf(ada);
  expect(await waitsOf(ada)).toEqual([['D1'], ['Stripe']]);
  expect(await waitsOf(await world.somebody())).toEqual([['D1'], ['Stripe']]);
  expect(world.provider.requests).toBe(1);
  moveToNewLocation();
  expect(await waitsOf(ada)).toEqual([['provider'], ['D1'], ['Stripe']]);
});

it('waits for D1 and Stripe in an isolate that has the keys', async () => {
  const visit = async () => world.visit('/billing/manage', { headers: ada.browser });
  const waits = createWaits();
  world.configure({ DB: noteStatements(env.DB, waits) });
  await visit();
  waits.log.length = 0;
  world.answerAt('api.stripe.com', async (request) =>
    waits.note('Stripe', async () => world.stripe.fetch(request)),
  );
  await visit();
  expect(inARow(waits.log)).toEqual([['D1'], ['Stripe']]);
});

it('finds the provider’s discovery document with a neighbour, too', async () => {
  const signIn = await createSignInWorld();
  const asked: string[] = [];
  signIn.world.answerAt(new URL(OPENID_ISSUER).host, async (request) => {
    asked.push(new URL(request.url).pathname);
    return signIn.provider.fetch(request);
  });
  await signIn.browser.visit('/billing/manage');
  expect(asked).toContain('/.well-known/openid-configuration');
  signIn.world.configure({});
  asked.length = 0;
  const other = createBrowser(signIn.world, signIn.provider);
  await other.visit('/billing/manage');
  expect(asked).toEqual(['/token']);
});
