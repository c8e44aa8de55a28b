import { hc } from 'hono/client';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Api } from '../../src/app.ts';
import { catalogue } from '../../src/errors/catalogue.ts';
import { GOALS, Intent } from '../../src/portal/intent.ts';
import { createWorld, ISSUER, ORIGIN, type Person, type World } from '../world.ts';

let world: World;
let ada: Person;

beforeEach(async () => {
  world = await createWorld({ ALLOWED_ORIGINS: 'https://app.example' });
  ada = await world.somebody();
});

const json = { 'content-type': 'application/json' };
const call = (headers: Record<string, string>, body: unknown = {}) =>
  world.visit('/api/stripe/create-portal-session', {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(world.sessionsMade()).toBe(0);
  return response.json<{ code: string; status: number; detail: string }>();
}

describe('the API’s description', () => {
  it('names what it takes and answers, as the validators have it', async () => {
    const response = await world.visit('/api/openapi.json');
    const { openapi, paths } = await response.json<{
      openapi: string;
      paths: Record<string, { post: Described }>;
    }>();
    expect(openapi).toBe('3.1.0');
    const { requestBody, responses } = paths['/api/stripe/create-portal-session']!.post;
    const body = requestBody.content['application/json']!.schema;
    expect(Object.keys(body.properties)).toEqual(Object.keys(Intent.entries));
    expect(body.additionalProperties).toBe(false);
    expect(body.properties['flow']).toMatchObject({ enum: [...GOALS] });
    const problem = responses['default']!.content['application/problem+json']!.schema;
    expect(problem.properties['code']).toMatchObject({ enum: Object.keys(catalogue) });
  });

  it('is known to Hono’s typed client', async () => {
    const client = hc<Api>(ORIGIN, {
      fetch: async (input: RequestInfo | URL, init?: RequestInit) =>
        world.visit(new Request(input).url, init),
      headers: ada.bearer,
    });
    const response = await client.api.stripe['create-portal-session'].$post({
      json: { flow: 'payment_method_update' },
    });
    const { url, flow_unavailable: unavailable } = await response.json();
    expect(url).toMatch(/^https:\/\/billing\.stripe\.com/);
    expect(unavailable).toBe(false);
  });
});

type Schema = { properties: Record<string, unknown>; additionalProperties?: boolean };
type Content = { content: Record<string, { schema: Schema }> };
type Described = { requestBody: Content; responses: Record<string, Content> };

describe('POST /api/stripe/create-portal-session', () => {
  it('answers with the URL of a fresh session', async () => {
    const response = await call({ ...json, ...ada.bearer });
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { url } = await response.json<{ url: string }>();
    expect(url).toMatch(/^https:\/\/billing\.stripe\.com\/p\/session\//);
    expect(world.callsTo('/v1/billing_portal/sessions')[0]?.parameters).toEqual({
      customer: ada.customer,
      return_url: `${ORIGIN}/billing`,
    });
  });

  it('needs no body', async () => {
    expect((await call({ ...json, ...ada.bearer }, '')).status).toBe(200);
  });

  it('lets scripts on allowed origins read its answers, refusals included', async () => {
    const origin = 'https://app.example';
    const preflight = await world.visit('/api/stripe/create-portal-session', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    const good = await call({ ...json, cookie: ada.browser.cookie, origin });
    const bad = await call({ ...json, origin });
    expect(bad.status).toBe(401);
    for (const { headers } of [preflight, good, bad]) {
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('access-control-allow-credentials')).toBe('true');
      expect(headers.get('vary')).toContain('Origin');
    }
  });

  it.each(['https://evil.example', 'null'])('lets no script on %s read them', async (origin) => {
    for (const method of ['OPTIONS', 'POST']) {
      const response = await world.visit('/api/stripe/create-portal-session', {
        method,
        headers: { ...json, origin, 'access-control-request-method': 'POST' },
      });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it.each(['https://app.example', ORIGIN])('may be called by %s', async (origin) => {
    expect((await call({ ...json, cookie: ada.browser.cookie, origin })).status).toBe(200);
  });

  it.each([
    'https://evil.example',
    'https://app.example.evil.example',
    'http://app.example',
    'null',
  ])('may not be called by %s', async (origin) => {
    const response = await call({ ...json, cookie: ada.browser.cookie, origin });
    expect(await problemOf(response)).toMatchObject({ status: 403, code: 'cross_site_request' });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
    'takes no content type %j, which a plain form could send',
    async (type) => {
      const response = await call({ 'content-type': type, ...ada.bearer });
      expect(await problemOf(response)).toMatchObject({ code: 'content_type_unsupported' });
    },
  );

  it.each<[unknown, string]>([
    ['{', 'not valid JSON'],
    [[], 'JSON object'],
    ['null', 'JSON object'],
    [{ customer: 1 }, 'customer: must be a customer id'],
    [{ customers: 'cus_1' }, 'no other keys than: customer, flow'],
  ])('says what is wrong with %j', async (body, detail) => {
    const problem = await problemOf(await call({ ...json, ...ada.bearer }, body));
    expect(problem).toMatchObject({ status: 400, code: 'request_invalid' });
    expect(problem.detail).toContain(detail);
  });

  it('refuses a body over 16 KiB', async () => {
    const response = await call({ ...json, ...ada.bearer }, { customer: 'x'.repeat(17_000) });
    expect(await problemOf(response)).toMatchObject({ status: 413, code: 'request_too_large' });
  });

  it('asks for a token, and says what is wrong with a bad one', async () => {
    const none = await call(json);
    expect(none.headers.get('www-authenticate')).toBe('Bearer realm="billing"');
    expect(await problemOf(none)).toMatchObject({ status: 401, code: 'sign_in_required' });
    const expired = await world.provider.sign({
      ...world.claims(ada.subject),
      iss: ISSUER,
      exp: 1,
    });
    const bad = await call({ ...json, authorization: `Bearer ${expired}` });
    expect(await problemOf(bad)).toMatchObject({
      code: 'token_invalid',
      detail: 'The token was refused: expired.',
    });
  });

  it('says that a purchase comes first', async () => {
    const newcomer = await world.somebody({ customers: 0 });
    const response = await call({ ...json, ...newcomer.bearer });
    expect(await problemOf(response)).toMatchObject({ status: 404, code: 'customer_not_found' });
  });

  it('asks which of several customers, and takes only one’s own', async () => {
    const agency = await world.somebody({ customers: 2 });
    const problem = await problemOf(await call({ ...json, ...agency.bearer }));
    expect(problem).toMatchObject({ status: 409, code: 'customer_ambiguous' });
    for (const customer of agency.customers) expect(problem.detail).toContain(customer);
    const foreign = await call({ ...json, ...agency.bearer }, { customer: ada.customer });
    expect(await problemOf(foreign)).toMatchObject({ status: 404 });
    const own = await call({ ...json, ...agency.bearer }, { customer: agency.customers[1] });
    expect(own.status).toBe(200);
  });
});
