import { CLIENT_ID, openIdOf } from '../../demo/stand-in.ts';
import { createIdentityProvider } from '../../stripe/identity-provider.ts';
import { accounts, createCustomer, freePort, listen, startWorker } from '../site.ts';

export type Demo = Awaited<ReturnType<typeof startDemo>>;

/** The Worker on `localhost`, as in the demo: people sign in at a provider on `127.0.0.1`. */
export async function startDemo() {
  const site = await startWorker();
  const port = await freePort();
  const shop = `http://127.0.0.1:${port}`;
  const issuer = `${shop}/openid`;
  const provider = await createIdentityProvider({ issuer, accounts });
  const openId = await openIdOf(provider, shop, site.origin);
  const server = await listen(port, (request) =>
    (new URL(request.url).pathname.startsWith('/openid/') ? openId : provider).fetch(request),
  );
  await site.configure({
    AUTH_JWKS_URL: '',
    AUTH_COOKIE: '',
    SIGN_IN_URL: '',
    AUTH_ISSUER: issuer,
    AUTH_CLIENT_ID: CLIENT_ID,
    PUBLIC_ORIGIN: site.origin,
  });
  await createCustomer(site.stripe, 'subscriber', 'Ada Lovelace');
  const agency = [
    await createCustomer(site.stripe, 'agency', 'Client North'),
    await createCustomer(site.stripe, 'agency', 'Client South'),
  ];
  return {
    ...site,
    agency,
    stop: async () => {
      server.close();
      await site.stop();
    },
  };
}
