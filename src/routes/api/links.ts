import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { Hono } from 'hono/tiny';
import { BillingError } from '../../errors/billing-error.ts';
import { mintLink } from '../../links/link.ts';
import { LinkRequest, principalOf } from '../../links/request.ts';
import type { SignedLink } from '../../http/answers.ts';
import { signingOrigin } from '../../http/addresses.ts';
import type { AppEnv } from '../../http/context.ts';
import { jsonOnly, smallBodyOnly } from '../../http/guards.ts';
import { jsonBody } from '../../http/json.ts';
import { wantedWayBack } from '../../visitor/way-back.ts';

/** Back ends authenticate with a key. Without LINK_API_KEY this address does not exist. */
const keyHolderOnly = createMiddleware<AppEnv>(async (c, next) => {
  const { linkApiKeys } = c.get('services').config;
  if (linkApiKeys.length === 0) throw new BillingError('address_not_found', 'No LINK_API_KEY.');
  const given = /^Bearer +(.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  if (given === undefined || !(await isOneOf(given, linkApiKeys))) {
    throw new BillingError('api_key_refused', 'The bearer token is not in LINK_API_KEY.', {
      headers: { 'www-authenticate': 'Bearer realm="links"' },
    });
  }
  return next();
});

/** Mints a signed link, for back ends without a JWT library. */
export const links = new Hono<AppEnv>().post(
  '/',
  keyHolderOnly,
  jsonOnly,
  smallBodyOnly,
  jsonBody(LinkRequest),
  async (c) => c.json(await mint(c, c.req.valid('json')), 201),
);

async function mint(c: Context<AppEnv>, request: LinkRequest): Promise<SignedLink> {
  const { flow, return_to: returnTo, expires_in: seconds } = request;
  const origin = signingOrigin(c);
  if (!wantedWayBack(c, returnTo)) {
    throw new BillingError('return_to_refused', 'return_to is not allowed.');
  }
  const [key] = await c.get('services').linkKeys();
  if (!key) throw new BillingError('address_not_found', 'No LINK_SECRET.');
  const link = { principal: principalOf(request), flow, returnTo };
  const { token, expiresAt } = await mintLink(link, origin, key, new Date(), seconds);
  return { url: `${origin}/billing/manage?token=${token}`, expires_at: expiresAt };
}

/** Compares digests, which have one length: the time taken reveals nothing about a key. */
async function isOneOf(given: string, keys: string[]): Promise<boolean> {
  const digest = await sha256(given);
  const equal = await Promise.all(
    keys.map(async (key) => crypto.subtle.timingSafeEqual(digest, await sha256(key))),
  );
  return equal.includes(true);
}

async function sha256(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
}
