import { apiVersion } from './version.ts';
import { keyInUse } from './idempotency.ts';
import { newId } from '../identifiers.ts';

type Answer = () => Promise<Response>;

/** Refuses a POST whose idempotency key belongs to one that is being answered. */
export function createKeyGuard() {
  const running = new Set<string>();
  return async (request: Request, answer: Answer): Promise<Response> => {
    const key = request.method === 'POST' ? request.headers.get('idempotency-key') : null;
    if (key === null) return answer();
    const authorization = request.headers.get('authorization') ?? '';
    const name = `${authorization} ${key}`;
    if (running.has(name)) return refusal(key, authorization);
    running.add(name);
    try {
      return await answer();
    } finally {
      running.delete(name);
    }
  };
}

function refusal(key: string, authorization: string): Response {
  const requestId = newId('req');
  const error = keyInUse(key);
  return new Response(
    JSON.stringify(error.body(requestId, /_live_/.test(authorization)), null, 2),
    {
      status: error.status,
      headers: {
        'content-type': 'application/json',
        'idempotency-key': key,
        'request-id': requestId,
        'stripe-should-retry': 'true',
        'stripe-version': apiVersion,
      },
    },
  );
}
