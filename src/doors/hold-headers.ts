import type { Context } from 'hono';

/** What protects our pages and answers, and is each one's own. */
const OURS = [
  'cache-control',
  'content-security-policy',
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
 */
export function holdHeaders(c: Context, answer: Response): Response {
  const merged = c.newResponse(answer.body, answer);
  // Otherwise Hono puts what middleware has set before over it once more.
  c.res = undefined;
  c.res = merged;
  const { headers } = merged;
  for (const name of OURS) if (!answer.headers.has(name)) headers.delete(name);
  for (const method of ['set', 'append', 'delete'] as const) {
    const change: (name: string, value: string) => void = headers[method].bind(headers);
    const changeOthers = (name: string, value = '') => {
      if (!OURS.includes(name.toLowerCase())) change(name, value);
    };
    Object.defineProperty(headers, method, { value: changeOthers });
  }
  return merged;
}
