import { beforeEach } from 'vitest';
import { createWorld, ORIGIN, type Person, type World } from '../world.ts';

const SETTINGS = {
  AUTH_JWKS_URL: '',
  AUTH_ISSUER: '',
  AUTH_AUDIENCE: '',
  AUTH_COOKIE: '',
  PUBLIC_ORIGIN: ORIGIN,
  SESSION_PRESET: 'better-auth',
};
export const NAVIGATION = { accept: 'text/html', 'sec-fetch-dest': 'document' };
export const COOKIE = '__Secure-better-auth.session_token=secret-of-ada';

/** Of the test that runs. */
export let world: World;
export let ada: Person;

type Site = { asked: Request[]; answer: (request: Request) => Response | Promise<Response> };
/** What the site was asked, and how it answers: it says that Ada has signed in. */
export let site: Site;

export const user = (id: unknown, more: Record<string, unknown> = {}) =>
  Response.json({ session: { id: 's' }, user: { id, ...more } });

/** Begins each test beside a new site with Better Auth. */
export function useBetterAuthSite(): void {
  beforeEach(async () => {
    world = await createWorld(SETTINGS);
    ada = await world.somebody();
    site = { asked: [], answer: () => user(ada.subject) };
    world.answerAt('shop.example', async (request) => {
      site.asked.push(request);
      return site.answer(request);
    });
  });
}

export const follow = async (
  cookie: string | undefined = COOKIE,
  headers: Record<string, string> = {},
) =>
  world.visit('/billing/manage', {
    headers: { ...NAVIGATION, ...(cookie && { cookie }), ...headers },
  });

/** The customer whose portal was opened last. */
export const opened = () =>
  world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters['customer'];
