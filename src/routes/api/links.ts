import { Hono } from '../../http/hono.ts';
import type { SignedLink } from '../../http/answers.ts';
import { signingOrigin } from '../../http/addresses.ts';
import type { AppEnv } from '../../http/context.ts';
import { jsonOnly, smallBodyOnly } from '../../http/guards.ts';
import { jsonBody, validQuery } from '../../http/json.ts';
import { LinkRequest, principalOf, Revocation } from '../../links/request.ts';
import { keyHolderOnly } from '../../visitor/api-key.ts';

/** Signs links, for back ends without a JWT library, and revokes them. */
export const links = new Hono<AppEnv>()
  .post('/', keyHolderOnly('sign'), jsonOnly, smallBodyOnly, jsonBody(LinkRequest), async (c) => {
    const { config, linkKeys: keys } = c.get('services');
    const signing = { origin: signingOrigin(c), allowedOrigins: config.allowedOrigins, keys };
    const { signLink } = await import('../../links/sign.ts');
    const { url, expiresAt } = await signLink(c.req.valid('json'), signing, new Date());
    const link: SignedLink = { url, expires_at: expiresAt };
    return c.json(link, 201);
  })
  // In the query, because a body of DELETE has no meaning (RFC 9110 §9.3.5).
  .delete('/', keyHolderOnly('revoke'), validQuery(Revocation), async (c) => {
    await c.get('services').links.revoke(principalOf(c.req.valid('query')));
    return c.body(null, 204);
  });
