import { Hono } from 'hono';
import { CloudflareAccount } from './account.ts';
import { refuse, succeed } from './answers.ts';
import { databases } from './databases.ts';
import { workers } from './workers.ts';

export { CloudflareAccount };

/** Cloudflare's API, as far as wrangler and our commands use it; CLOUDFLARE_API_BASE_URL leads here. */
export function createCloudflare(account: CloudflareAccount): Hono {
  const api = new Hono().basePath('/client/v4');
  api.use(async (c, next) => {
    const request = `${c.req.method} ${c.req.path.replace(`/client/v4/accounts/${account.id}`, '')}`;
    account.requests.push(request);
    if (c.req.header('authorization') !== `Bearer ${account.token}`) {
      return refuse(c, 403, 10000, 'Authentication error');
    }
    if (account.failing?.test(request)) {
      return refuse(c, 500, 10013, 'An unknown error has occurred.');
    }
    return next();
  });
  api.get('/user/tokens/verify', (c) => succeed(c, { id: 'token', status: 'active' }));
  api.route(`/accounts/${account.id}/d1/database`, databases(account));
  api.route(`/accounts/${account.id}/workers`, workers(account));
  api.notFound((c) => refuse(c, 404, 7003, `The stand-in knows no ${c.req.method} ${c.req.path}`));
  return api;
}
