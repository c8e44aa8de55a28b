import { endpoints } from './resources/index.ts';
import { ApiError } from './protocol/errors.ts';
import { apiVersion } from './protocol/version.ts';
import { newId } from './identifiers.ts';

// https://docs.stripe.com/rate-limits
const A_SECOND = 1_000;
const PER_SECOND = { live: 100, test: 25 };
const PER_ENDPOINT = 25;

const MESSAGE =
  'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.';

type Reason = 'global-rate' | 'endpoint-rate';

/** What was let through in the last second. Time is given by `at`, in milliseconds. */
class Window {
  #times: number[] = [];

  countAt(at: number): number {
    const first = this.#times.findIndex((time) => time > at - A_SECOND);
    this.#times = first < 0 ? [] : this.#times.slice(first);
    return this.#times.length;
  }

  add(at: number): void {
    this.#times.push(at);
  }
}

/**
 * Lets through as many calls as Stripe does in any second: of a mode, and of each endpoint of it.
 * What is refused is not counted. A refusal comes before the idempotency key is looked at.
 */
export function createRateLimits(now: () => number) {
  const windows = new Map<string, Window>();
  const windowOf = (name: string) => {
    const window = windows.get(name) ?? new Window();
    windows.set(name, window);
    return window;
  };
  return (request: Request): Response | undefined => {
    const mode = /_live_/.test(request.headers.get('authorization') ?? '') ? 'live' : 'test';
    const at = now();
    const all = windowOf(mode);
    const endpoint = windowOf(`${mode} ${endpointOf(request)}`);
    if (all.countAt(at) >= PER_SECOND[mode]) return refusal('global-rate', mode === 'live');
    if (endpoint.countAt(at) >= PER_ENDPOINT) return refusal('endpoint-rate', mode === 'live');
    all.add(at);
    endpoint.add(at);
    return undefined;
  };
}

function refusal(reason: Reason, livemode: boolean): Response {
  const requestId = newId('req');
  const error = new ApiError(429, { message: MESSAGE, code: 'rate_limit' });
  return new Response(JSON.stringify(error.body(requestId, livemode), null, 2), {
    status: error.status,
    headers: {
      'content-type': 'application/json',
      'request-id': requestId,
      'stripe-rate-limited-reason': reason,
      'stripe-version': apiVersion,
    },
  });
}

/** An operation of the API, whatever object it names. */
export function endpointOf({ method, url }: Request): string {
  const { pathname } = new URL(url);
  const known = PATTERNS.find((each) => each.method === method && each.pattern.test(pathname));
  return `${method} ${known?.path ?? pathname}`;
}

const PATTERNS = endpoints.map(({ method, path }) => ({
  method,
  path,
  pattern: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`),
}));
