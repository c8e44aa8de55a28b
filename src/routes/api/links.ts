import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { Hono } from 'hono/tiny';
import { BillingError } from '../../errors/billing-error.ts';
import { mintLink } from '../../links/link.ts';
import { LinkRequest } from '../../links/request.ts';
import type { SignedLink } from '../../http/answers.ts';
import { originOf, type AppEnv } from '../../http/context.ts';
import { jsonOnly, smallBodyOnly } from '../../http/guards.ts';
import { jsonBody } from '../../http/json.ts';
import { wantedWayBack } from '../../visitor/way-back.ts';

/** Back ends prove themselves by a key; where there is none, there is nothing here. */
const keyHolderOnly = createMiddleware<AppEnv>(async (c, next) => {
  const { linkApiKeys } = c.get('services').config;
  if (linkApiKeys.length === 0) throw new BillingError('address_not_found', 'No LINK_API_KEY.');
  const given = /^Bearer +(.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  if (given === undefined || !(await isOneOf(given, linkApiKeys))) {
    throw new BillingError('api_key_refused', 'The bearer is no key of LINK_API_KEY.', {
      headers: { 'www-authenticate': 'Bearer realm="links"' },
    });
  }
  return next();
});

/** Mints a signed link for a back end that has no JWT library at hand. */
export const links = new Hono<AppEnv>().post(
  '/',
  keyHolderOnly,
  jsonOnly,
  smallBodyOnly,
  jsonBody(LinkRequest),
  async (c) => c.json(await mint(c, c.req.valid('json')), 201),
);

async function mint(c: Context<AppEnv>, request: LinkRequest): Promise<SignedLink> {
  const { subject, customer, email, flow, return_to: returnTo, expires_in: seconds } = request;
  if (!wantedWayBack(c, returnTo)) {
    throw new BillingError('return_to_refused', 'return_to is not allowed.');
  }
  const [key] = await c.get('services').linkKeys();
  if (!key) throw new BillingError('address_not_found', 'No LINK_SECRET.');
  const holder = subject === undefined ? { customers: [customer ?? []].flat() } : { subject };
  const origin = originOf(c);
  const link = { holder, email, flow, returnTo };
  const { token, expiresAt } = await mintLink(link, origin, key, new Date(), seconds);
  return { url: `${origin}/billing/manage?token=${token}`, expires_at: expiresAt };
}

/** Digests are of one length, so that the comparison's time tells nothing of a key. */
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
