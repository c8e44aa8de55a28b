import type { Context } from 'hono';
import { BillingError } from '../../errors/billing-error.ts';
import type { AppEnv } from '../../http/context.ts';
import { beginAtProvider } from '../../visitor/at-provider.ts';

/** "Sign in" on our pages: leads to the provider, and then to `to`. `?as=other` is for another account. */
export async function goToProvider(c: Context<AppEnv>): Promise<Response> {
  const { signIn } = c.get('services');
  if (!signIn) throw new BillingError('address_not_found', 'The site signs people in.');
  const prompt = c.req.query('as') === 'other' ? 'another' : undefined;
  return beginAtProvider(c, signIn, c.req.query('to') ?? '/billing', prompt);
}
