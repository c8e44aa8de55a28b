import { apiVersion } from './version.ts';
import { keyInUse } from './idempotency.ts';
import { newId } from '../identifiers.ts';

type Answer = () => Promise<Response>;

/**
 * Refuses a POST whose idempotency key belongs to one that is being answered. An outage that Stripe
 * says not to retry is the key's outcome: it is repeated, and the work is never done.
 */
export function createKeyGuard() {
  const running = new Set<string>();
  const outages = new Map<string, Response>();
  return async (request: Request, answer: Answer): Promise<Response> => {
    const key = request.method === 'POST' ? request.headers.get('idempotency-key') : null;
    if (key === null) return answer();
    const authorization = request.headers.get('authorization') ?? '';
    const name = `${authorization} ${key}`;
    if (running.has(name)) return refusal(key, authorization);
    const outage = outages.get(name);
    if (outage) return repeated(outage);
    running.add(name);
    try {
      const response = await answer();
      const isFinal = response.headers.get('stripe-should-retry') === 'false';
      if (response.status >= 500 && isFinal) outages.set(name, response.clone());
      return response;
    } finally {
      running.delete(name);
    }
  };
}

function repeated(outage: Response): Response {
  const { status, headers, body } = outage.clone();
  return new Response(body, { status, headers: [...headers, ['idempotent-replayed', 'true']] });
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
