import { HonoBase } from 'hono/hono-base';
import type { Result } from 'hono/router';
import { LinearRouter } from 'hono/router/linear-router';
import type { BlankEnv, BlankSchema, Env, Schema } from 'hono/types';

/**
 * Hono for few addresses without parameters: it compares strings. Its other routers make a regular
 * expression or a tree of each address, which an isolate would pay for before its first answer.
 */
export class Hono<
  E extends Env = BlankEnv,
  S extends Schema = BlankSchema,
  BasePath extends string = '/',
> extends HonoBase<E, S, BasePath> {
  constructor() {
    super({ router: new RememberingRouter() });
  }
}

/** Compares each of our own addresses once. Made-up ones are not remembered: memory would grow. */
class RememberingRouter<T> extends LinearRouter<T> {
  readonly #own = new Set<string>();
  readonly #matches = new Map<string, Result<T>>();

  override add(method: string, path: string, handler: T): void {
    super.add(method, path, handler);
    this.#own.add(method + path);
    this.#matches.clear();
  }

  override match(method: string, path: string): Result<T> {
    const address = method + path;
    const known = this.#matches.get(address);
    if (known) return known;
    const result = super.match(method, path);
    if (this.#own.has(address)) this.#matches.set(address, result);
    return result;
  }
}
