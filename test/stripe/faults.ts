import { newId } from './identifiers.ts';

export type Fault = {
  /** A whole path, or its beginning when it ends with `*`; default: every call of the API. */
  path?: string | RegExp;
  method?: string;
  /** How many calls suffer, default 1. */
  times?: number;
  /** How many matching calls are spared first. */
  after?: number;
  /** Milliseconds to wait before anything else, or until the request is aborted. */
  delay?: number;
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  contentType?: string;
  /** Milliseconds that each object of a list takes. Past the client's patience, none arrives. */
  delayPerItem?: number;
  /** The connection breaks: `fetch` rejects. */
  cut?: boolean;
  /** The work is done all the same; only its answer is lost. */
  afterEffect?: boolean;
};

type Ordered = { fault: Fault; spare: number; left: number };
type Answer = () => Promise<Response>;

/** Things that go wrong, in the order they were ordered. */
export class Faults {
  #ordered: Ordered[] = [];

  order(fault: Fault): void {
    this.#ordered.push({ fault, spare: fault.after ?? 0, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#ordered = [];
  }

  /** Answers the request, or lets it suffer the first fault that is due. */
  async answer(request: Request, answer: Answer): Promise<Response> {
    const fault = this.#take(request);
    if (!fault) return answer();
    const { signal } = request;
    const effect = fault.afterEffect ? await answer() : undefined;
    if (fault.delay !== undefined) await wait(fault.delay, signal);
    if (fault.delayPerItem !== undefined) {
      return answerSlowly(effect ?? (await answer()), fault.delayPerItem);
    }
    if (fault.cut) throw new TypeError('Network connection lost.');
    const { status, body, headers, contentType } = fault;
    const answers = [status, body, headers, contentType].some((part) => part !== undefined);
    if (answers) return faultyResponse(fault);
    return effect ?? answer();
  }

  #take(request: Request): Fault | undefined {
    const { pathname } = new URL(request.url);
    for (const ordered of this.#ordered) {
      const { fault } = ordered;
      if (ordered.left === 0 || !matchesPath(fault.path, pathname)) continue;
      if (fault.method && fault.method.toUpperCase() !== request.method) continue;
      if (ordered.spare > 0) {
        ordered.spare -= 1;
        continue;
      }
      ordered.left -= 1;
      return fault;
    }
    return undefined;
  }
}

// No test waits for the clock: what would take longer than the client waits is not sent at all.
const PATIENCE_MILLISECONDS = 4_000;

async function answerSlowly(response: Response, delayPerItem: number): Promise<Response> {
  const { data } = await response.clone().json<{ data?: unknown[] }>();
  const milliseconds = (data?.length ?? 0) * delayPerItem;
  if (milliseconds <= PATIENCE_MILLISECONDS) return response;
  throw new DOMException('The operation was aborted.', 'AbortError');
}

function matchesPath(path: string | RegExp | undefined, pathname: string): boolean {
  if (path === undefined) return pathname.startsWith('/v1/');
  if (typeof path !== 'string') return new RegExp(path.source, path.flags).test(pathname);
  return path.endsWith('*') ? pathname.startsWith(path.slice(0, -1)) : pathname === path;
}

function faultyResponse({ status = 200, body, headers, contentType }: Fault): Response {
  const isText = typeof body === 'string';
  return new Response(isText ? body : JSON.stringify(body ?? defaultBody(status)), {
    status,
    headers: {
      'content-type': contentType ?? (isText ? 'text/html' : 'application/json'),
      'request-id': newId('req'),
      ...headers,
    },
  });
}

function defaultBody(status: number) {
  if (status === 429) {
    const message =
      'Request rate limit exceeded. Learn more about rate limits here ' +
      'https://stripe.com/docs/rate-limits.';
    return { error: { message, type: 'invalid_request_error', code: 'rate_limit' } };
  }
  const message = 'An unknown error occurred';
  return { error: { message, type: status < 500 ? 'invalid_request_error' : 'api_error' } };
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const timer = setTimeout(resolve, milliseconds);
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error('Aborted'));
    };
    signal.addEventListener('abort', abort, { once: true });
  });
}
