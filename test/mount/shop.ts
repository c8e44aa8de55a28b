import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { Hono, type Context } from 'hono';
import { beforeEach, expect, vi } from 'vitest';
import { portalLink, type Identity, type PortalLinkEnv } from '../../src/doors/package.ts';
import { leaksInAnswer } from '../leaks.ts';
import { createWorld, ORIGIN, SIGNED_OUT, TEST_KEY, WEBHOOK_SECRET, type World } from '../world.ts';

export type HostEnv = { Bindings: PortalLinkEnv; Variables: { user?: unknown } };
type Answer = Identity | null | undefined;

type State = {
  env: PortalLinkEnv;
  /** What the host's own session says, and how often it was asked. */
  session: (request: Request) => Answer | Promise<Answer>;
  asked: number;
};

/** Of the test that runs. */
export let world: World;
export let state: State;

export const NAVIGATION = { ...SIGNED_OUT, 'sec-fetch-site': 'none' };

/** Opens the shop anew for each test of the file. */
export function useShop(): void {
  beforeEach(async () => {
    world = await createWorld();
    // None of AUTH_*: the host says who asks.
    const env = {
      DB: world.database,
      STRIPE_SECRET_KEY: TEST_KEY,
      STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
      SIGN_IN_URL: '/login?next={return_to}',
      PUBLIC_ORIGIN: ORIGIN,
    };
    state = { env, session: () => undefined, asked: 0 };
  });
}

export const billing = portalLink<HostEnv>({
  identify: async (c) => {
    state.asked += 1;
    return state.session(c.req.raw);
  },
});

/** A shop with a page, middleware, an error handler and a 404 of its own. */
export function shop(prepare: (app: Hono<HostEnv>) => void = () => {}): Hono<HostEnv> {
  const app = new Hono<HostEnv>();
  prepare(app);
  app.route('/', billing.app);
  app.get('/', (c) => c.text('the shop'));
  app.get('/healthz', (c) => c.text('the shop is well'));
  app.get('/billing/plans', (c) => c.text('the plans of the shop'));
  app.get('/broken', () => {
    throw new Error('of the shop');
  });
  app.onError((error, c) => c.text(`the shop’s own: ${error.message}`, 418));
  app.notFound((c) => c.text('the shop has no such page', 404));
  return app;
}

/** `person` is who may be seen in the answer, by their subject. */
export async function visit(
  app: Hono<HostEnv>,
  path: string,
  init: RequestInit = {},
  person: string[] = [],
): Promise<Response> {
  const context = createExecutionContext();
  const request = new Request(new URL(path, ORIGIN), { redirect: 'manual', ...init });
  const response = await app.fetch(request.clone(), state.env, context);
  await waitOnExecutionContext(context);
  const body = await response.clone().text();
  const { status, headers } = response;
  const sent = init.body instanceof URLSearchParams ? init.body.toString() : '';
  expect(leaksInAnswer(request, { status, headers, body }, sent, person)).toEqual([]);
  return response;
}

export const go = async (app = shop(), headers: Record<string, string> = NAVIGATION) =>
  visit(app, '/billing/manage', { headers });
export const opened = () =>
  world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters['customer'];
export const codeOf = (response: Response) => response.headers.get('x-error-code');

export const isJson = (c: Context) => c.req.header('content-type') === 'application/json';

/** What the log says while something runs. */
export async function logged(work: () => Promise<unknown>): Promise<string> {
  const spies = (['info', 'error'] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation(() => {}),
  );
  await work();
  const lines = spies.flatMap((spy) => spy.mock.calls.flat().map(String)).join('\n');
  for (const spy of spies) spy.mockRestore();
  return lines;
}
