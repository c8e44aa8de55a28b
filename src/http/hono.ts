import { HonoBase } from 'hono/hono-base';
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
    super({ router: new LinearRouter() });
  }
}
