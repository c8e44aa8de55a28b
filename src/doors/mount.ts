import type { Context } from 'hono';
import { cloneRawRequest } from 'hono/request';
import { Hono } from '../http/hono.ts';
import { createApp, routesOf } from '../app.ts';
import type { PortalLinkEnv } from '../config/environment.ts';
import { BillingError, unexpected } from '../errors/billing-error.ts';
import { readIdentity, type Identity } from '../identity/host.ts';
import { runScheduled } from '../scheduled.ts';
import { waitUntil } from '../wait-until.ts';
import { holdHeaders } from './hold-headers.ts';

/** What a host has to bind: its Hono may bind more. */
export type HostEnv = { Bindings: PortalLinkEnv };

export type MountOptions<E extends HostEnv> = {
  /**
   * Who the app's own session says that this is; undefined where nobody is signed in. It is asked
   * for each visit, with the context of the host.
   */
  identify: (c: Context<E>) => Identity | null | undefined | Promise<Identity | null | undefined>;
};

export type Mount<E extends HostEnv> = {
  /** The addresses: `app.route('/', billing.app)`, or `billing.app.fetch(request, env, ctx)`. */
  app: Hono<E>;
  /** Whether an address is ours, for frameworks that have a router of their own. */
  handles: (request: Request) => boolean;
  /** For the host's cron trigger. */
  scheduled: (
    controller: Pick<ScheduledController, 'scheduledTime'>,
    env: PortalLinkEnv,
  ) => Promise<void>;
};

/**
 * portal-link in an app that has sessions of its own. The app keeps all other addresses, its
 * middleware, its error handler and its 404: nothing of ours runs at an address that is not ours.
 */
export function portalLink<E extends HostEnv = HostEnv>({ identify }: MountOptions<E>): Mount<E> {
  const contexts = new WeakMap<Request, Context<E>>();
  const ask = async (request: Request): Promise<unknown> => {
    const c = contexts.get(request);
    return c && identify(c);
  };
  const inner = createApp({
    identify: async (request, expected, now) =>
      readIdentity(await orFail(ask(request)), expected, now),
  });
  const app = new Hono<E>();
  // An app of its own answers, so that its errors are not the host's, and the host's are not ours.
  const paths = new Set(routesOf(inner).map((route) => route.path));
  for (const path of paths) {
    app.all(path, async (c) => {
      refusePrefix(c, path);
      const request = await unread(c);
      contexts.set(request, c);
      return holdHeaders(c, await inner.fetch(request, c.env, executionContextOf(c)));
    });
  }
  return {
    app,
    handles: ({ url }) => paths.has(new URL(url).pathname),
    scheduled: async ({ scheduledTime }, env) => runScheduled(env, new Date(scheduledTime), true),
  };
}

/** Links, forms and cookies name the addresses as they are, so a prefix would lead to nowhere. */
function refusePrefix({ req }: Context, path: string): void {
  const { pathname } = new URL(req.url);
  if (pathname === path || !pathname.endsWith(path)) return;
  throw new Error(
    `The addresses of portal-link are fixed, such as ${path}: mount it by app.route('/', billing.app).`,
  );
}

/** A message can contain anything, so only the kind and the place of an error are kept. */
async function orFail(asking: Promise<unknown>): Promise<unknown> {
  try {
    return await asking;
  } catch (error) {
    throw new BillingError('identify_failed', `identify has thrown: ${unexpected(error).message}`);
  }
}

/**
 * The request with its body, which the host's middleware may have read already. What it has read
 * as a form, Hono would send on as another kind of form.
 */
async function unread(c: Context): Promise<Request> {
  const { raw, bodyCache, url, method } = c.req;
  if (!raw.bodyUsed) return raw;
  if (bodyCache.formData === undefined) return cloneRawRequest(c.req);
  const pairs = [...(await c.req.formData())].filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  const headers = new Headers(raw.headers);
  headers.delete('content-length');
  return new Request(url, { method, headers, body: new URLSearchParams(pairs).toString() });
}

/**
 * Hono throws where a framework hands none on. Work that goes on after our answer then belongs to
 * the request that runs.
 */
function executionContextOf(c: Context): Context['executionCtx'] {
  try {
    return c.executionCtx;
  } catch {
    return { waitUntil, passThroughOnException() {}, props: {} };
  }
}
