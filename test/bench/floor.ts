// The floor: the least that a redirect can cost. Written by hand against the platform alone, for
// the plain link only, in as few steps as the same answers allow. Same checks, same statement,
// same call, same headers, cookie and log; no library, no pages, no flows, no second try, no search
// for people that D1 does not know. The benchmark compares its answers with the Worker's first.
import { verify, type FloorEnv } from './floor-token.ts';

type Row = { id: string; subscriptions: string };
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

type OpenSession = (customer: string, returnUrl: string, env: Env) => Promise<string | null>;

type Times = { identity: number; database: number; stripe: number };

/** The floor, with its own or another way to ask Stripe. Each request writes one line, as ours. */
export const createFloor = (openSession: OpenSession) => ({
  async fetch(request: Request, env: FloorEnv): Promise<Response> {
    const began = performance.now();
    const times = { identity: 0, database: 0, stripe: 0 };
    const ray = request.headers.get('cf-ray') ?? '';
    const id = /^[0-9a-f]{16}(?:-[A-Z]{3})?$/.test(ray) ? ray : crypto.randomUUID();
    const response = await answer(request, env, openSession, times);
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
});

async function answer(
  request: Request,
  env: FloorEnv,
  openSession: OpenSession,
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

  const livemode = /^[sr]k_live_/.test(env.STRIPE_SECRET_KEY);
  began = performance.now();
  const { results } = await env.DB.withSession('first-unconstrained')
    .prepare(FIND)
    .bind(subject, livemode ? 1 : 0)
    .all<Row>();
  times.database = performance.now() - began;
  const [customer, another] = results;
  if (!customer) return refuse(404);
  if (another) return redirect('/billing');
  if (!(await env.SESSION_LIMIT.limit({ key: subject })).success) return refuse(429);
  began = performance.now();
  const address = await openSession(customer.id, `${url.origin}/billing`, env);
  times.stripe = performance.now() - began;
  return address === null ? refuse(503) : redirect(address, remember(customer));
}

export default createFloor(callStripe);

async function callStripe(customer: string, returnUrl: string, env: Env): Promise<string | null> {
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

function remember({ id, subscriptions }: Row): string {
  const before = (JSON.parse(subscriptions) as Subscription[]).map((each) => ({
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
