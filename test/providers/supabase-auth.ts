import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { freePort, listen } from '../browser/site.ts';

const KEY_ID = 'es256-key';

/**
 * Supabase's Auth server as its client and our Worker see it: it signs people in by password, with
 * access tokens of a signing key, and shows its key set.
 */
export async function startSupabaseAuth(subject: string) {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig', kid: KEY_ID };
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const issuer = `http://${host}/auth/v1`;
  const requests: string[] = [];
  let metadata: object = {};

  // https://supabase.com/docs/guides/auth/jwt-fields
  const sign = async (claims: JWTPayload, issuedAt: number) =>
    new SignJWT({
      email: 'ada@example.com',
      phone: '',
      app_metadata: { provider: 'email', providers: ['email'] },
      user_metadata: metadata,
      role: 'authenticated',
      aal: 'aal1',
      amr: [{ method: 'password', timestamp: issuedAt }],
      session_id: crypto.randomUUID(),
      is_anonymous: false,
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', kid: KEY_ID, typ: 'JWT' })
      .setIssuer(issuer)
      .setSubject(subject)
      .setAudience('authenticated')
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + 3_600)
      .sign(privateKey);

  async function session(issuedAt: number): Promise<Response> {
    return Response.json({
      access_token: await sign({}, issuedAt),
      token_type: 'bearer',
      expires_in: 3_600,
      expires_at: issuedAt + 3_600,
      refresh_token: 'refresh-token-of-ada',
      user: {
        id: subject,
        aud: 'authenticated',
        role: 'authenticated',
        email: 'ada@example.com',
        user_metadata: metadata,
        app_metadata: {},
        identities: [],
        created_at: new Date(issuedAt * 1000).toISOString(),
      },
    });
  }

  const server = await listen(port, async (request) => {
    const { pathname, search } = new URL(request.url);
    requests.push(`${request.method} ${pathname}${search}`);
    if (pathname === '/auth/v1/.well-known/jwks.json') return Response.json({ keys: [jwk] });
    if (pathname === '/auth/v1/token') return session(Math.floor(Date.now() / 1000));
    if (pathname === '/auth/v1/logout') return new Response(null, { status: 204 });
    return Response.json({ message: 'not found' }, { status: 404 });
  });

  return {
    host,
    url: `http://${host}`,
    requests,
    /** What the user's own metadata are, from the next sign-in on. They can be long. */
    describe: (next: object) => void (metadata = next),
    stop: () => void server.close(),
  };
}
