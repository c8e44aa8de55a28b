import { Hono } from '../../http/hono.ts';
import { BillingError } from '../../errors/billing-error.ts';
import type { AppEnv } from '../../http/context.ts';
import { navigationOnly } from '../../http/guards.ts';
import { beginAtProvider } from '../../visitor/at-provider.ts';

/** "Sign in" on our pages: leads to the provider, and then to `to`. `?as=other` is for another account. */
export const authorize = new Hono<AppEnv>().get('/', navigationOnly, async (c) => {
  const { signIn } = c.get('services');
  if (!signIn) throw new BillingError('address_not_found', 'The site signs people in.');
  const prompt = c.req.query('as') === 'other' ? 'another' : undefined;
  return beginAtProvider(c, signIn, c.req.query('to') ?? '/billing', prompt);
});
