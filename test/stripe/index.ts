import { Hono } from 'hono';
import { createAtOnce } from './at-once.ts';
import { Faults } from './faults.ts';
import { State } from './state.ts';
import { createApi } from './protocol/api.ts';
import { createKeyGuard } from './protocol/key-guard.ts';
import { createControl } from './control.ts';
import { createInvoicePages } from './invoice-pages.ts';
import { isLoopback } from './loopback.ts';
import { createPortal } from './portal.ts';
import { createEventDestinations } from './v2/event-destinations.ts';
import { endpoints } from './resources/index.ts';
import { deliverWebhooks } from './webhooks.ts';
import { createRateLimits } from './rate-limits.ts';
import { record } from './recorder.ts';
import type { DecodedObject } from './protocol/form.ts';
import type { RecordedRequest } from './recorder.ts';

export type { Fault } from './faults.ts';
export type { Key } from './state.ts';
export type { Faults, RecordedRequest, State };

export type StandIn = {
  /** Answers as Stripe does; rejects when a fault cuts the connection. */
  fetch: (request: Request) => Promise<Response>;
  /** Creates an object of test mode without a call, for accounts that have hundreds. */
  create: (path: string, parameters: DecodedObject) => { id: string };
  state: State;
  faults: Faults;
  /** Every call of the API, the oldest first. */
  requests: RecordedRequest[];
};

export type StandInOptions = {
  /** Milliseconds, as Date.now. */
  now?: () => number;
  /** Where session pages are; default: here on a loopback address, else at Stripe. */
  accountOrigin?: string;
  /** Off unless wanted: a test delivers what it wants, when it wants. */
  deliverWebhooks?: boolean;
  /** Whether Stripe's rate limits hold. Off unless wanted: tests are quicker than people. */
  rateLimits?: boolean;
};

/** A Stripe account in memory: its API, its portal's pages, and controls for what goes wrong. */
export function createStandIn(options: StandInOptions = {}): StandIn {
  const state = new State(options.now ?? (() => Date.now()));
  if (options.deliverWebhooks) deliverWebhooks(state);
  const faults = new Faults();
  const requests: RecordedRequest[] = [];
  const refuseKeysInUse = createKeyGuard();
  const limited = options.rateLimits ? createRateLimits(state.now) : () => undefined;
  const api = createApi(state, endpoints, options.accountOrigin);
  const destinations = createEventDestinations(state);
  const pages = new Hono()
    .route('/p/session', createPortal(state))
    .route('/i', createInvoicePages(state))
    .route('/', createControl({ state, faults, requests }));

  const answering = async (request: Request) =>
    new URL(request.url).pathname.startsWith('/v2/')
      ? destinations.fetch(request)
      : api.fetch(request);

  async function answerCall(request: Request): Promise<Response> {
    const { origin } = new URL(request.url);
    if (isLoopback(origin)) state.invoiceOrigin = options.accountOrigin ?? origin;
    const suffer = async () => faults.answer(request, async () => answering(request));
    return record(
      requests,
      request,
      async () => limited(request) ?? refuseKeysInUse(request, suffer),
    );
  }

  async function answerPage(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const controls = pathname.startsWith('/control');
    if (controls) return pages.fetch(request);
    return faults.answer(request, async () => pages.fetch(request));
  }

  return {
    fetch: async (request) => {
      const isCall = /^\/v[12]\//.test(new URL(request.url).pathname);
      return isCall ? answerCall(request) : answerPage(request);
    },
    create: (path, parameters) => createAtOnce(state, path, parameters),
    state,
    faults,
    requests,
  };
}
