import { LinearRouter } from 'hono/router/linear-router';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { Hono } from '../src/http/hono.ts';

let app: Hono;

beforeEach(() => {
  app = new Hono();
  app.use('/billing/*', async (c, next) => {
    await next();
    c.header('x-layer', 'billing');
  });
  app.get('/billing', (c) => c.text('page'));
  app.post('/billing', (c) => c.text('form'));
});

async function ask(path: string, method = 'GET') {
  const response = await app.request(path, { method });
  return [response.status, await response.text(), response.headers.get('x-layer')];
}

it('answers an address the second time as it did the first time', async () => {
  const first = [
    await ask('/billing'),
    await ask('/billing', 'POST'),
    await ask('/billing', 'PUT'),
  ];
  const second = [
    await ask('/billing'),
    await ask('/billing', 'POST'),
    await ask('/billing', 'PUT'),
  ];
  expect(second).toEqual(first);
  expect(first).toEqual([
    [200, 'page', 'billing'],
    [200, 'form', 'billing'],
    [404, '404 Not Found', 'billing'],
  ]);
});

it('finds what is added after it was asked for in vain', async () => {
  expect(await ask('/healthz')).toEqual([404, '404 Not Found', null]);
  expect(await ask('/billing/made-up')).toEqual([404, '404 Not Found', 'billing']);
  app.get('/healthz', (c) => c.text('well'));
  app.get('/billing/made-up', (c) => c.text('added'));
  expect(await ask('/healthz')).toEqual([200, 'well', null]);
  expect(await ask('/billing/made-up')).toEqual([200, 'added', 'billing']);
});

it('runs handlers for all addresses at an address that was asked for before', async () => {
  app = new Hono();
  app.get('/billing', async (_, next) => next());
  expect(await ask('/billing')).toEqual([404, '404 Not Found', null]);
  app.get('*', (c) => c.text('all'));
  expect(await ask('/billing')).toEqual([200, 'all', null]);
});

it('compares once for an address of its own, and each time for a made-up one', async () => {
  const compare = vi.spyOn(LinearRouter.prototype, 'match');
  onTestFinished(() => compare.mockRestore());
  for (const path of ['/billing', '/billing', '/billing/made-up', '/billing/made-up'])
    await ask(path);
  expect(compare.mock.calls.map(([, path]) => path)).toEqual([
    '/billing',
    '/billing/made-up',
    '/billing/made-up',
  ]);
});
