import { createStripe } from '../../src/stripe/client.ts';
import { CloudflareAccount, createCloudflare } from '../cloudflare/index.ts';
import { createIdentityProvider } from '../stripe/identity-provider.ts';
import { createStandIn } from '../stripe/index.ts';
import { serveLoopback } from './loopback.ts';

export const KEY = 'sk_test_standin0000000000000000';
export const WEBHOOK_SECRET = 'whsec_standin0000000000000000000000';

export type World = Awaited<ReturnType<typeof serveWorld>>;

/** Stripe, Cloudflare's API and an identity provider, on one loopback port. */
export async function serveWorld() {
  const stripe = createStandIn();
  const cloudflare = new CloudflareAccount('Example Ltd');
  const api = createCloudflare([cloudflare]);
  let provider: Awaited<ReturnType<typeof createIdentityProvider>> | undefined;
  const { origin, close } = await serveLoopback(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/client/v4/')) return api.fetch(request);
    if (pathname === '/.well-known/jwks.json' && provider) return provider.fetch(request);
    return stripe.fetch(request);
  });
  const accounts = [{ subject: 'ada', email: 'ada@example.com', name: 'Ada', shows: '' }];
  provider = await createIdentityProvider({ issuer: origin, accounts });
  const { tokenFor } = provider;
  return {
    origin,
    stripe,
    cloudflare,
    api: createStripe({ secretKey: KEY, apiBase: new URL(origin) }),
    tokenFor,
    /** What an operator writes into [vars]. */
    settings: {
      STRIPE_API_BASE: origin,
      AUTH_JWKS_URL: `${origin}/.well-known/jwks.json`,
      AUTH_ISSUER: origin,
      SIGN_IN_URL: `${origin}/sign-in?return_to={return_to}`,
    },
    /** What leads wrangler to this Cloudflare. */
    signedIn: {
      CLOUDFLARE_API_BASE_URL: `${origin}/client/v4`,
      CLOUDFLARE_API_TOKEN: cloudflare.token,
      CLOUDFLARE_ACCOUNT_ID: cloudflare.id,
    },
    close,
  };
}
