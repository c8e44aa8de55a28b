// The floor: the least that a redirect can cost. Written by hand against the platform alone, for
// the plain link only, in as few steps as the same answers allow. Same checks, same statement,
// same call, same headers, cookie and log; no library, no pages, no flows, no second try, no search
// for people that D1 does not know. The benchmark compares its answers with the Worker's first.
import { verifyToken, type FloorEnv } from './floor-token.ts';

type Found = { id: string; subscriptions: Subscription[] };
type Subscription = {
  id: string;
  cancelAt: number | null;
  paused: boolean;
  items: { product: string; price: string; quantity: number | null }[];
};

const FIND = `select id, (
  select json_group_array(json_object('id', subscriptions.id, 'cancelAt', cancel_at,
    'paused', json(iif(paused, 'true', 'false')), 'items', json(items)
  ) order by subscriptions.created_at, subscriptions.id)
  from subscriptions where customer_id = customers.id
) as subscriptions from customers
where subject = ? and livemode = ? and deleted_at is null order by created_at, id`;

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; img-src data:; form-action 'self' https:; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** What packages can do in place of the code here. */
export type Ways = {
  /** The claims of a token that holds; else null. */
  verify: (token: string, env: FloorEnv) => Promise<Record<string, unknown> | null>;
  findCustomers: (subject: string, env: Env) => Promise<Found[]>;
  openSession: (customer: string, returnUrl: string, env: Env) => Promise<string | null>;
};

type Times = { identity: number; database: number; stripe: number };

/** The floor, by its own or other ways. Each request writes one line, as ours. */
export function createFloor(replaced: Partial<Ways> = {}) {
  const ways = { ...byHand, ...replaced };
  return {
    async fetch(request: Request, env: FloorEnv): Promise<Response> {
      const began = performance.now();
      const times = { identity: 0, database: 0, stripe: 0 };
      const ray = request.headers.get('cf-ray') ?? '';
      const id = /^[0-9a-f]{16}(?:-[A-Z]{3})?$/.test(ray) ? ray : crypto.randomUUID();
      const response = await answer(request, env, ways, times);
      const total = performance.now() - began;
      const { identity, database, stripe } = times;
      response.headers.set('x-request-id', id);
      response.headers.set(
        'server-timing',
        `identity;dur=${identity.toFixed(1)}, database;dur=${database.toFixed(1)}, stripe;dur=${stripe.toFixed(1)}, total;dur=${total.toFixed(1)}`,
      );
      const { status } = response;
      console.info(JSON.stringify({ event: 'request', request_id: id, status, total, ...times }));
      return response;
    },
  };
}

async function answer(
  request: Request,
  env: FloorEnv,
  { verify, findCustomers, openSession }: Ways,
  times: Times,
): Promise<Response> {
  const url = new URL(request.url);
  if (url.pathname !== '/billing/manage') return refuse(404);
  if (request.method === 'HEAD') return refuse(200);
  if (request.method !== 'GET') return refuse(405);
  const { headers } = request;
  const purpose = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].map((name) => headers.get(name));
  if (/prefetch|prerender|preview/i.test(purpose.join())) return refuse(503);
  if ((headers.get('sec-fetch-dest') ?? 'document') !== 'document') return refuse(403);

  const bearer = /^Bearer\b *(.*)$/i.exec(headers.get('authorization') ?? '')?.[1];
  const token = bearer ?? cookieOf(headers.get('cookie') ?? '', env.AUTH_COOKIE);
  let began = performance.now();
  const claims = token === undefined ? null : await verify(token, env);
  times.identity = performance.now() - began;
  const subject = claims?.[env.AUTH_SUBJECT_CLAIM];
  if (typeof subject !== 'string' || subject === '') {
    return bearer === undefined ? signIn(url, env) : refuse(401);
  }

  began = performance.now();
  const [customer, another] = await findCustomers(subject, env);
  times.database = performance.now() - began;
  if (!customer) return refuse(404);
  if (another) return redirect('/billing');
  if (!(await env.SESSION_LIMIT.limit({ key: subject })).success) return refuse(429);
  began = performance.now();
  const address = await openSession(customer.id, `${url.origin}/billing`, env);
  times.stripe = performance.now() - began;
  return address === null ? refuse(503) : redirect(address, remember(customer));
}

const byHand: Ways = {
  verify: verifyToken,
  findCustomers: readCustomers,
  openSession: createSession,
};

export default createFloor();

async function readCustomers(subject: string, env: Env): Promise<Found[]> {
  const { results } = await env.DB.withSession('first-unconstrained')
    .prepare(FIND)
    .bind(subject, Number(isLive(env)))
    .all<{ id: string; subscriptions: string }>();
  return results.map(({ id, subscriptions }) => ({ id, subscriptions: JSON.parse(subscriptions) }));
}

/** Whether the key is of live mode. */
export const isLive = (env: Env) => /^[sr]k_live_/.test(env.STRIPE_SECRET_KEY);

async function createSession(
  customer: string,
  returnUrl: string,
  env: Env,
): Promise<string | null> {
  const base = env.STRIPE_API_BASE === '' ? 'https://api.stripe.com' : env.STRIPE_API_BASE;
  const response = await fetch(`${base}/v1/billing_portal/sessions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${env.STRIPE_SECRET_KEY}`,
      'content-type': 'application/x-www-form-urlencoded',
      'idempotency-key': crypto.randomUUID(),
      'stripe-version': '2026-10-28.endive',
    },
    body: `customer=${customer}&return_url=${encodeURIComponent(returnUrl)}`,
    signal: AbortSignal.timeout(4_000),
  });
  const session: { url?: unknown } | null = await response.json();
  if (!response.ok || typeof session?.url !== 'string') return null;
  const address = URL.parse(session.url);
  return address && ['https:', 'http:'].includes(address.protocol) ? address.href : null;
}

function cookieOf(header: string, name: string): string | undefined {
  const pair = header.split('; ').find((each) => each.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}

function remember({ id, subscriptions }: Found): string {
  const before = subscriptions.map((each) => ({
    id: each.id,
    cancelAt: each.cancelAt,
    paused: each.paused,
    plan: each.items.map(({ price, quantity }) => `${price}*${quantity}`).join(),
    name: [...new Set(each.items.map(({ product }) => product))].join(' + '),
  }));
  const visit = JSON.stringify({ customer: id, flowUnavailable: false, before });
  return `__Host-portal=${encodeURIComponent(visit)}; Max-Age=86400; Path=/; HttpOnly; Secure; SameSite=Lax`;
}

function signIn(url: URL, env: Env): Response {
  url.searchParams.set('signed_in', '1');
  return redirect(env.SIGN_IN_URL.replaceAll('{return_to}', encodeURIComponent(url.href)));
}

function redirect(location: string, cookie?: string): Response {
  const headers = { ...HEADERS, location, ...(cookie !== undefined && { 'set-cookie': cookie }) };
  return new Response(null, { status: 303, headers });
}

const refuse = (status: number) => new Response(null, { status, headers: HEADERS });
