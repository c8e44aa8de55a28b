import { beforeEach, expect, it } from 'vitest';
import { createEmailWorld } from '../mail/email-world.ts';
import { signLink, type LinkWorld } from '../signed-links.ts';
import { SIGNED_OUT, type Person } from '../world.ts';

let world: LinkWorld;
let ada: Person;

beforeEach(async () => {
  ({ world, ada } = await createEmailWorld());
});

const linkOf = async (path: string, headers: Record<string, string> = SIGNED_OUT) =>
  (await world.visit(path, { headers })).headers.get('link');

it('announces the portal’s host where the next click leads there', async () => {
  const announced = '<https://billing.stripe.com>; rel=preconnect';
  const token = await signLink({ sub: ada.subject });
  expect(await linkOf('/billing', ada.browser)).toBe(announced);
  expect(await linkOf('/billing')).toBe(announced);
  expect(await linkOf('/billing/sign-in')).toBe(announced);
  expect(await linkOf(`/billing/manage?token=${token}`)).toBe(announced);
});

it('announces nothing on redirects, refusals and answers of the API', async () => {
  expect(await linkOf('/billing/manage', ada.browser)).toBeNull();
  expect(await linkOf('/billing/manage')).toBeNull();
  const refused = await world.visit('/billing?signed_in=1', { headers: SIGNED_OUT });
  expect([refused.status, refused.headers.get('link')]).toEqual([401, null]);
  expect(await linkOf('/billing/manage?token=a.b.c')).toBeNull();
  expect(await linkOf('/healthz')).toBeNull();
});

it('announces nothing where the API is another than Stripe’s', async () => {
  world.configure({ STRIPE_API_BASE: 'http://localhost:12111' });
  expect(await linkOf('/billing', ada.browser)).toBeNull();
});
