import { Hono } from 'hono';
import { CloudflareAccount } from './account.ts';
import { refuse, succeed } from './answers.ts';
import { databases } from './databases.ts';
import { workers } from './workers.ts';

export { CloudflareAccount };

/** Cloudflare's API, as far as wrangler and our commands use it; CLOUDFLARE_API_BASE_URL leads here. */
export function createCloudflare(accounts: readonly CloudflareAccount[]): Hono {
  const api = new Hono().basePath('/client/v4');
  api.get('/user/tokens/verify', (c) => {
    const isKnown = accounts.some(
      ({ token }) => c.req.header('authorization') === `Bearer ${token}`,
    );
    return isKnown
      ? succeed(c, { id: 'token', status: 'active' })
      : refuse(c, 403, 10000, 'Authentication error');
  });
  // Those of the accounts that the token opens, and only if it may read zones.
  api.get('/zones', (c) => {
    const account = accounts.find(
      ({ token }) => c.req.header('authorization') === `Bearer ${token}`,
    );
    if (!account?.mayReadZones)
      return refuse(c, 403, 9109, 'Unauthorized to access requested resource');
    const { name, 'account.id': id } = c.req.query();
    const names = id === undefined || id === account.id ? [...account.zones] : [];
    return succeed(
      c,
      names
        .filter((zone) => name === undefined || zone === name)
        .map((zone) => ({ id: zone, name: zone, status: 'active' })),
    );
  });
  api.get('/zones/:zone/workers/routes', (c) => succeed(c, []));
  for (const account of accounts) api.route(`/accounts/${account.id}`, createAccount(account));
  api.notFound((c) => refuse(c, 404, 7003, `The stand-in knows no ${c.req.method} ${c.req.path}`));
  return api;
}

/** What lies below one account. A token of another account does not open it. */
function createAccount(account: CloudflareAccount): Hono {
  const api = new Hono();
  api.use(async (c, next) => {
    const request = `${c.req.method} ${c.req.path.replace(`/client/v4/accounts/${account.id}`, '')}`;
    account.requests.push(request);
    if (c.req.header('authorization') !== `Bearer ${account.token}`) {
      return refuse(c, 403, 10000, 'Authentication error');
    }
    if (account.failing?.test(request)) {
      return refuse(c, 500, 10013, 'An unknown error has occurred.');
    }
    const isOrdered = account.refusals > 0;
    if (isOrdered) account.refusals -= 1;
    const seconds = isOrdered ? 12 : account.secondsToWait();
    if (seconds > 0) {
      account.refused += 1;
      c.header('retry-after', String(seconds));
      return refuse(c, 429, 971, 'Please wait and consider throttling your request speed');
    }
    return next();
  });
  api.get('/', (c) => succeed(c, { id: account.id, name: account.name, type: 'standard' }));
  // `wrangler delete` looks for what an old kind of site has left there.
  api.get('/storage/kv/namespaces', (c) => succeed(c, []));
  api.route('/d1/database', databases(account));
  api.route('/workers', workers(account));
  return api;
}
