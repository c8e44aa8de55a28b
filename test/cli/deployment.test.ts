import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve, type ServerType } from '@hono/node-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestHarness } from 'wrangler';
import { diagnose, openHealthyWorkplace, type Diagnosis } from './diagnose.ts';
import { migratedDatabase } from './migrated-database.ts';
import { createWorkspace, type Workspace } from '../with-email.ts';
import type { Workplace } from './workplace.ts';

let workplace: Workplace;
let database: D1Database;
let harness: ReturnType<typeof createTestHarness>;
let url: string;
let workspace: Workspace;
beforeAll(async () => {
  database = await migratedDatabase();
  workplace = await openHealthyWorkplace(database);
  workspace = await createWorkspace({});
  process.env['WRANGLER_LOG'] = 'error';
  harness = createTestHarness({
    workers: [
      {
        configPath: workspace.configPath,
        secrets: { STRIPE_SECRET_KEY: workplace.key, STRIPE_WEBHOOK_SECRET: 'whsec_0123456789' },
        vars: {
          STRIPE_API_BASE: workplace.origin,
          AUTH_JWKS_URL: `${workplace.origin}/.well-known/jwks.json`,
          AUTH_ISSUER: workplace.origin,
          AUTH_AUDIENCE: 'shop',
        },
      },
    ],
  });
  url = `http://localhost:${(await harness.listen()).url.port}`;
});
afterAll(async () => {
  await harness.close();
  await workplace.close();
  await workspace.remove();
});

const outcome = ({ checks }: Diagnosis, name: string) => checks.find(({ check }) => check === name);

describe('with --url', () => {
  it('says what the deployed Worker says of itself', async () => {
    const lacking = await diagnose(workplace, { url });
    expect(outcome(lacking, 'deployment_health')).toMatchObject({ outcome: 'failure' });
    expect(lacking.status).toBe(3);
    expect(outcome(lacking, 'deployment_health')!.next).toContain('migrations apply');
    await harness.getWorker().applyD1Migrations('DB');
    // It remembers for a second that D1 failed.
    await vi.waitFor(async () => expect((await fetch(`${url}/healthz`)).status).toBe(200), 3_000);
    const complete = await diagnose(workplace, { url });
    expect(outcome(complete, 'deployment_health')).toMatchObject({ outcome: 'ok' });
    expect(outcome(complete, 'deployment_headers')).toMatchObject({ outcome: 'ok' });
  });

  it.each([
    ['cache-control', 'public, max-age=600'],
    ['referrer-policy', 'unsafe-url'],
    ['content-security-policy', "default-src 'self'"],
    ['x-content-type-options', ''],
  ])('names a proxy that changes %s', async (name, value) => {
    const proxy = await listen(async (request) => {
      const { pathname } = new URL(request.url);
      const response = await fetch(new URL(pathname, url), { redirect: 'manual' });
      const headers = new Headers(response.headers);
      for (const own of [
        'content-encoding',
        'content-length',
        'transfer-encoding',
        'connection',
        'keep-alive',
      ]) {
        headers.delete(own);
      }
      headers.set(name, value);
      return new Response(await response.text(), { status: response.status, headers });
    });
    const found = outcome(await diagnose(workplace, { url: proxy.url }), 'deployment_headers');
    expect(found).toMatchObject({ outcome: 'failure', found: `Missing or changed: ${name}.` });
    proxy.server.close();
  });

  it('tells another site from portal-link, and no site from another', async () => {
    const other = await listen(async () => Response.json({ status: 'fine' }));
    const found = async (address: string) =>
      outcome(await diagnose(workplace, { url: address }), 'deployment_health');
    expect((await found(other.url))!.found).toContain('is not portal-link');
    other.server.close();
    expect((await found('http://127.0.0.1:9'))!.found).toContain('does not answer');
  });
});

describe('with --customer', () => {
  let customer: string;
  beforeEach(async () => {
    ({ id: customer } = await workplace.api.customers.create({ email: 'x@example.com' }));
  });
  const tried = async (name = customer) =>
    outcome(await diagnose(workplace, { customer: name }), 'portal_session');
  const sessions = () => [...workplace.stripe.state.portalSessions.values()];

  const store = async (subject: string | null, deletedAt: number | null = null) =>
    database
      .prepare(
        `insert into customers (id, subject, livemode, deleted_at, created_at) values (?, ?, 0, ?, 1)
        on conflict (id) do update set subject = excluded.subject, deleted_at = excluded.deleted_at`,
      )
      .bind(customer, subject, deletedAt)
      .run();

  it('makes a real session for a customer that D1 has a subject for', async () => {
    await store('anna');
    expect(await tried()).toMatchObject({ outcome: 'ok' });
    const { session } = sessions().at(-1)!;
    expect(session).toMatchObject({ customer, return_url: `${workplace.origin}/billing` });
  });

  it('says that D1 does not have the customer, or no subject for it', async () => {
    expect(await tried()).toMatchObject({
      outcome: 'warning',
      found: expect.stringContaining('does not have'),
    });
    const withoutSubject = {
      outcome: 'warning',
      found: expect.stringContaining('has no subject for'),
    };
    await store(null);
    expect(await tried()).toMatchObject(withoutSubject);
    await store('anna', 1);
    expect(await tried()).toMatchObject(withoutSubject);
  });

  it('makes none for a customer that is not there, or is none', async () => {
    const before = sessions().length;
    expect(await tried('cus_nobody')).toMatchObject({ outcome: 'failure' });
    workplace.stripe.state.customers.get(customer)!.deleted = true;
    expect(await tried()).toMatchObject({ outcome: 'failure' });
    expect(await tried("cus_1'; drop table customers")).toMatchObject({ outcome: 'failure' });
    expect(sessions()).toHaveLength(before);
  });

  it('prints the session for people and never in a report for programs', async () => {
    const forPeople = await workplace.run(['doctor', '--customer', customer]);
    expect(forPeople.output).toMatch(/Keep this address secret: http:\/\/\S+\/p\/session\//);
    const forPrograms = await workplace.run(['doctor', '--json', '--customer', customer]);
    expect(forPrograms.output).not.toContain('/p/session/test_');
  });
});

async function listen(answer: (request: Request) => Promise<Response>) {
  const server: ServerType = serve({ port: 0, hostname: '127.0.0.1', fetch: answer });
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
