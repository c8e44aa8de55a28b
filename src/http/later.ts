import type { Context } from 'hono';
import type { AppEnv } from './context.ts';

type Answer = (c: Context<AppEnv>) => Response | Promise<Response>;

/** Loads what answers an address for its first visitor: a redirect does not wait for pages. */
export const later =
  (load: () => Promise<Answer>) =>
  async (c: Context<AppEnv>): Promise<Response> =>
    (await load())(c);
