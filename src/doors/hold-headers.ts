import type { Context } from 'hono';

/** What protects our pages and answers, and is each one's own. */
const OURS = [
  'cache-control',
  'content-security-policy',
  'content-security-policy-report-only',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'origin-agent-cluster',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
  'access-control-allow-origin',
  'access-control-allow-credentials',
];

/**
 * Makes our answer the host's, and keeps these headers as they are: middleware around us, such as
 * Hono's `secureHeaders`, writes the host's policy over every response. Under it our forms could
 * not lead to Stripe, and our pages could be framed.
 *
 * Middleware can also replace the response, as `compress` and each `c.header()` do. Whatever it
 * does, Hono reads `c.res` last, and each time it is read, ours are put back.
 */
export function holdHeaders(c: Context, answer: Response): Response {
  const merged = c.newResponse(answer.body, answer);
  // Otherwise Hono puts what middleware has set before over it once more.
  c.res = undefined;
  c.res = merged;
  const own: object = Object.getPrototypeOf(c);
  Object.defineProperty(c, 'res', {
    configurable: true,
    get: () => {
      const response: Response = Reflect.get(own, 'res', c);
      // The answer of the host's error handler is the host's.
      if (!c.error) restore(response.headers, answer.headers);
      return response;
    },
    set: (response: Response | undefined) => {
      // Headers of a fetched response cannot be changed; those of a copy can.
      Reflect.set(own, 'res', response && new Response(response.body, response), c);
    },
  });
  return c.res;
}

function restore(headers: Headers, ours: Headers): void {
  for (const name of OURS) {
    const value = ours.get(name);
    if (value === headers.get(name)) continue;
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
}
