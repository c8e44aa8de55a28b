import type { Context } from 'hono';
import type { Frame } from '../pages/layout.tsx';
import { DEFAULT_BRAND } from '../settings.ts';
import type { AppEnv } from './context.ts';

/** How our pages introduce themselves, also before there is a valid configuration. */
export function frameOf(c: Context<AppEnv>): Frame {
  const config = c.var.services?.config;
  return {
    brand: config?.brand ?? DEFAULT_BRAND,
    supportUrl: config?.supportUrl,
    nonce: c.var.secureHeadersNonce,
  };
}
