import { API_VERSION } from '../../src/stripe/client.ts';

export type Answer = { status: number; headers: Headers; body: Body };
export type Body = Record<string, unknown> & { error?: Refusal };
export type Refusal = { type: string; code?: string; param?: string; message: string };

type Parameters = Record<string, unknown>;
type Method = 'DELETE' | 'GET' | 'POST';
export type Raw = (
  method: Method,
  path: string,
  parameters?: Parameters,
  headers?: Record<string, string>,
) => Promise<Answer>;

/** Calls the API without the client, which hides a part of each answer and retries. */
export function createRaw(origin: string, secretKey: string): Raw {
  return async (method, path, parameters = {}, headers = {}) => {
    const form = new URLSearchParams([...pairs('', parameters)]);
    const isRead = method !== 'POST';
    const query = isRead && form.size > 0 ? `?${form.toString()}` : '';
    const response = await fetch(`${origin}${path}${query}`, {
      method,
      headers: {
        authorization: `Bearer ${secretKey}`,
        'stripe-version': API_VERSION,
        ...headers,
      },
      ...(!isRead && { body: form }),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
}

/** `a[b][0]=c`, as Stripe reads it. */
function* pairs(name: string, value: unknown): Generator<[string, string]> {
  if (typeof value !== 'object' || value === null) {
    yield [name, String(value)];
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    yield* pairs(name === '' ? key : `${name}[${key}]`, inner);
  }
}
