import { once } from 'node:events';
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';
import { freePort, listen } from '../browser/site.ts';
import { createSpoiler } from './spoiler.ts';

export const SECRET = 'the secret of a c0nfidential client: % and +';

/** The clients by how they prove themselves at the token endpoint. */
const METHODS = {
  public: 'none',
  basic: 'client_secret_basic',
  post: 'client_secret_post',
} as const;

export type ClientId = keyof typeof METHODS;

const clientOf = ([id, method]: [string, string], callback: string) => ({
  client_id: id,
  ...(method !== 'none' && { client_secret: SECRET }),
  token_endpoint_auth_method: method,
  grant_types: ['authorization_code'],
  response_types: ['code'],
  redirect_uris: [callback],
  post_logout_redirect_uris: [callback],
});

/**
 * A certified OpenID provider on loopback, behind a proxy that can spoil what passes.
 *
 * @param methods  how clients may prove themselves
 */
export async function startProvider(callback: string, methods: string[] = Object.values(METHODS)) {
  const upstream = createServer();
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const address = upstream.address();
  if (address === null || typeof address === 'string') throw new Error('It has no port.');
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const provider = new Provider(issuer, {
    clients: Object.entries(METHODS)
      .filter(([, method]) => methods.includes(method))
      .map((each) => clientOf(each, callback)),
    clientAuthMethods: methods,
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }] },
    cookies: { keys: [crypto.randomUUID()] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    // Most providers put the address into the ID token.
    conformIdTokenClaims: false,
    findAccount: (_: unknown, subject: string) => ({
      accountId: subject,
      claims: () => ({ sub: subject, email: `${subject}@example.com`, email_verified: true }),
    }),
  });
  provider.proxy = true;
  upstream.on('request', provider.callback());
  const spoiler = createSpoiler(`http://127.0.0.1:${address.port}`, callback);
  const server = await listen(port, spoiler.fetch);
  return {
    issuer,
    /** From now on, these things are wrong. */
    spoil: spoiler.spoil,
    /** Paths, with the parameters of the query or form. */
    requests: spoiler.requests,
    stop: () => {
      server.close();
      upstream.close();
      upstream.closeAllConnections();
    },
  };
}

export type RunningProvider = Awaited<ReturnType<typeof startProvider>>;
