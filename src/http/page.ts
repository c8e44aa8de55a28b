import type { Context } from 'hono';
import type { Frame } from '../pages/layout.tsx';
import { chooseLocale } from '../pages/locale.ts';
import { DEFAULT_BRAND } from '../config/entries.ts';
import { configIfAny, type AppEnv } from './context.ts';
import { nonceOf } from './headers.ts';

/** The frame of a page. It has defaults for when the configuration is not valid. */
export function frameOf(c: Context<AppEnv>): Frame {
  const config = configIfAny(c);
  const { searchParams } = new URL(c.var.goal ?? c.req.url, c.req.url);
  return {
    brand: config?.brand ?? DEFAULT_BRAND,
    supportUrl: config?.supportUrl,
    locale: chooseLocale(searchParams.get('locale') ?? undefined, c.req.header('accept-language')),
    nonce: nonceOf(c),
  };
}
