import { fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { SignJWT } from 'jose';
import { createTestHarness } from 'wrangler';
import { createStores } from '../../src/customers/stores/index.ts';
import { workerds } from '../bench/processor-time.ts';
import { FILLED } from '../filled.ts';

const KEY = 'sk_test_standin0000000000000000';
const JWT_SECRET = 'a secret of the site, of at least 32 bytes';
const WEBHOOK_SECRET = 'whsec_0123456789abcdef';

/** Calls that the stand-in let through, and those that it refused, by endpoint. */
export type Tally = Record<'admitted' | 'refused', Record<string, number>>;

export type Person = { id: string; token: string };
export type Answer = { status: number; location: string; body: string };
/** What a webhook brings. */
export type Event = { id: string; type: string; created: number; data: { object: { id: string } } };

/** The headers of a browser that follows a link. */
export const BROWSER = { accept: 'text/html', 'sec-fetch-dest': 'document' };

type Size = { customers: number; connections: number; settings?: Record<string, string> };

export type Site = Awaited<ReturnType<typeof startSite>>;

/**
 * The built Worker on a real port, with so many customers, who are in D1. Stripe's stand-in is a
 * process of its own, in one of the ways that stand-in.ts names.
 */
export async function startSite(
  how: 'failing' | 'limited',
  { customers, connections, settings }: Size,
) {
  const standIn = fork(new URL('stand-in.ts', import.meta.url).pathname, [how]);
  const [port] = (await once(standIn, 'message')) as [number];
  const stripeOrigin = `http://127.0.0.1:${port}`;
  const ask = async <T>(path: string): Promise<T> =>
    (await fetch(`${stripeOrigin}/load/${path}`)).json() as Promise<T>;
  process.env['WRANGLER_LOG'] = 'none';
  const before = new Set(workerds());
  const harness = createTestHarness({
    workers: [
      {
        configPath: './test/as-it-comes/wrangler.toml',
        vars: {
          STRIPE_API_BASE: stripeOrigin,
          AUTH_COOKIE: 'session',
          SIGN_IN_URL: 'https://id.example/in',
          ...settings,
        },
        secrets: {
          STRIPE_SECRET_KEY: KEY,
          STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
          AUTH_JWT_SECRET: JWT_SECRET,
        },
      },
    ],
  });
  const { origin } = (await harness.listen()).url;
  const workerd = workerds().filter((pid) => !before.has(pid));
  const worker = harness.getWorker<{ DB: D1Database }>();
  await worker.applyD1Migrations('DB');
  const database = (await worker.getEnv()).DB;
  const { ids, event } = await ask<{ ids: string[]; event: string }>(`people?count=${customers}`);
  await keep(database, ids);
  const readAt = Math.floor(Date.now() / 1000);
  const reached = ['events', JSON.stringify({ id: event, readAt })] as const;
  await createStores(database).cursors.move([...FILLED, reached], false);
  const people = await Promise.all(
    ids.map(async (id, number): Promise<Person> => ({ id, token: await tokenOf(number) })),
  );
  await fetch(`${stripeOrigin}/load/begin`);
  // People do not wait behind webhooks, where the machine is slow.
  const [agent, agentOfStripe] = [connections, connections].map(
    (maxSockets) => new Agent({ keepAlive: true, maxSockets }),
  );

  async function send(path: string, headers: Record<string, string>, body?: string) {
    return new Promise<Answer>((resolve, reject) => {
      const given =
        body === undefined
          ? { agent, method: 'GET', headers }
          : { agent: agentOfStripe, method: 'POST', headers };
      const sent = request(`${origin}${path}`, given, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            location: response.headers.location ?? '',
            body: text,
          }),
        );
      });
      sent.once('error', reject);
      sent.end(body);
    });
  }

  return {
    people,
    workerd,
    worker,
    database,
    ask,
    send,
    as: async (path: string, { token }: Person) =>
      send(path, { ...BROWSER, cookie: `session=${token}` }),
    deliver: async (body: object) => {
      const payload = JSON.stringify(body);
      return send('/api/stripe/webhook', { 'stripe-signature': signatureOf(payload) }, payload);
    },
    /** Whose portals these addresses open. */
    ownersOf: async (locations: string[]) => {
      const sessions = locations.map((location) => location.split('/p/session/')[1] ?? '');
      const body = JSON.stringify(sessions);
      const answer = await fetch(`${stripeOrigin}/load/owners`, { method: 'POST', body });
      return answer.json<(string | null)[]>();
    },
    stop: async () => {
      standIn.disconnect();
      agent?.destroy();
      agentOfStripe?.destroy();
      await harness.close();
    },
  };
}

/** As if a sync had read them. */
async function keep(database: D1Database, ids: string[]): Promise<void> {
  await database
    .prepare(
      `insert into customers (id, subject, name, livemode, created_at, sync_ticket, synced_ticket)
      select value, 'subject_' || key, 'Old', 0, 1, 1, 1 from json_each(?)`,
    )
    .bind(JSON.stringify(ids))
    .run();
}

const tokenOf = async (number: number) =>
  new SignJWT({ sub: `subject_${number}` })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(JWT_SECRET));

/** https://docs.stripe.com/webhooks#verify-manually */
function signatureOf(payload: string): string {
  const at = Math.floor(Date.now() / 1000);
  const mac = createHmac('sha256', WEBHOOK_SECRET).update(`${at}.${payload}`).digest('hex');
  return `t=${at},v1=${mac}`;
}
