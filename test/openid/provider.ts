import { Hono, type Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { createKeyring } from '../stripe/identity-keys.ts';

export type OpenIdClient = {
  id: string;
  /** Undefined for a public client, which proves itself by PKCE alone. */
  secret: string | undefined;
  /** How it has to send the secret; undefined for as it likes. */
  method?: 'client_secret_basic' | 'client_secret_post';
  redirectUris: string[];
};

export type OpenIdProviderOptions = {
  issuer: string;
  client: OpenIdClient;
  /** Changes what the discovery document says. */
  metadata?: Record<string, unknown>;
  /** Milliseconds, as Date.now. */
  now?: () => number;
  /** Signs ID tokens, in place of a key of its own. */
  sign?: (claims: Record<string, unknown>, header?: Record<string, unknown>) => Promise<string>;
  /** A site with pages where people sign in, in place of `signIn()`. */
  site?: Site;
};

type Site = {
  /** The claims of the person whose session the request carries. */
  personOf: (request: Request) => Promise<Record<string, unknown> | undefined>;
  /** Where people sign in, and then go on to this path. */
  signInAt: (goOn: string) => string;
  /** The header Set-Cookie that ends a session. */
  ended: string;
};

type Grant = {
  person: Record<string, unknown>;
  redirectUri: string;
  nonce: string | undefined;
  challenge: string;
};

/** Claims, or words in the answer, that a wrong provider sends. */
export type Wrongs = {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  /** In the address that leads back. Null leaves one out. */
  answer?: Record<string, string | null>;
  /** In place of the answer of an endpoint. */
  endpoints?: Partial<Record<'discovery' | 'token' | 'keys', () => Response>>;
  idToken?: string | undefined;
};

/**
 * An OpenID provider as strict as the specifications: it knows one client, wants PKCE, takes a
 * code once and from its client only, and sends people to registered addresses only.
 */
export async function createOpenIdProvider(options: OpenIdProviderOptions) {
  const { issuer, client, now = Date.now, site } = options;
  const keyring = await createKeyring();
  const sign = options.sign ?? keyring.sign;
  const codes = new Map<string, Grant>();
  const people = new Map<string, Record<string, unknown>>();
  const requests: { path: string; parameters: Record<string, string> }[] = [];
  let wrongs: Wrongs = {};
  let signedIn: string | undefined;

  const base = issuer.replace(/\/$/, '');
  const app = new Hono().basePath(new URL(base).pathname);
  app.use(async (c, next) => {
    const isForm = c.req.method === 'POST';
    const body = isForm ? ((await c.req.parseBody()) as Record<string, string>) : {};
    requests.push({ path: c.req.path, parameters: { ...c.req.query(), ...body } });
    await next();
  });

  app.get(
    '/.well-known/openid-configuration',
    (c) =>
      wrongs.endpoints?.discovery?.() ??
      c.json({
        issuer,
        authorization_endpoint: `${base}/authorize`,
        token_endpoint: `${base}/token`,
        jwks_uri: `${base}/keys`,
        end_session_endpoint: `${base}/end`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['ES256'],
        scopes_supported: ['openid', 'email'],
        claims_supported: ['sub', 'email', 'email_verified'],
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: ['client_secret_basic', 'none'],
        authorization_response_iss_parameter_supported: true,
        ...options.metadata,
      }),
  );

  app.get('/keys', (c) => wrongs.endpoints?.keys?.() ?? c.json({ keys: [keyring.publicKey()] }));

  const personIn = async (c: Context) => {
    if (site) return site.personOf(c.req.raw);
    const subject = getCookie(c, 'who') ?? signedIn;
    return subject === undefined ? undefined : { sub: subject, ...people.get(subject) };
  };

  app.get('/authorize', async (c) => {
    const query = c.req.query();
    const redirectUri = query['redirect_uri'] ?? '';
    // RFC 6749 §4.1.2.1: nobody is sent to an address that is not registered.
    if (query['client_id'] !== client.id) return c.text('No such client.', 400);
    if (!client.redirectUris.includes(redirectUri)) return c.text('Not registered.', 400);
    const back = (answer: Record<string, string>) => {
      const url = new URL(redirectUri);
      const whole = { ...answer, state: query['state'] ?? '', iss: issuer, ...wrongs.answer };
      for (const [name, value] of Object.entries(whole)) {
        if (value !== null) url.searchParams.append(name, value);
      }
      return c.redirect(url.href, 303);
    };
    if (query['response_type'] !== 'code') return back({ error: 'unsupported_response_type' });
    if (!(query['scope'] ?? '').split(' ').includes('openid'))
      return back({ error: 'invalid_scope' });
    if (query['code_challenge_method'] !== 'S256' || !query['code_challenge']) {
      return back({ error: 'invalid_request' });
    }
    const person = await personIn(c);
    if (query['prompt'] === 'none' && !person) return back({ error: 'login_required' });
    if (site && (!person || query['prompt'] === 'login')) {
      const goOn = new URL(c.req.url);
      goOn.searchParams.delete('prompt');
      return c.redirect(site.signInAt(goOn.pathname + goOn.search), 303);
    }
    if (!person) return c.text('Who are you?');
    const code = crypto.randomUUID();
    codes.set(code, {
      person,
      redirectUri,
      nonce: query['nonce'],
      challenge: query['code_challenge'],
    });
    return back({ code });
  });

  app.post('/token', async (c) => {
    const wrong = wrongs.endpoints?.token?.();
    if (wrong) return wrong;
    const form = (await c.req.parseBody()) as Record<string, string>;
    if (!isClient(c, form, client)) return c.json({ error: 'invalid_client' }, 401);
    if (form['grant_type'] !== 'authorization_code') {
      return c.json({ error: 'unsupported_grant_type' }, 400);
    }
    const grant = codes.get(form['code'] ?? '');
    codes.delete(form['code'] ?? '');
    const isFit =
      grant?.redirectUri === form['redirect_uri'] &&
      grant?.challenge === (await challengeOf(form['code_verifier'] ?? ''));
    if (!grant || !isFit) return c.json({ error: 'invalid_grant' }, 400);
    const issuedAt = Math.floor(now() / 1000);
    const claims = {
      ...grant.person,
      iss: issuer,
      aud: client.id,
      iat: issuedAt,
      exp: issuedAt + 3600,
      nonce: grant.nonce,
      ...wrongs.claims,
    };
    const idToken = wrongs.idToken ?? (await sign(claims, wrongs.header));
    return c.json({
      access_token: crypto.randomUUID(),
      token_type: 'Bearer',
      expires_in: 3600,
      id_token: idToken,
    });
  });

  app.get('/end', (c) => {
    const { client_id: id, post_logout_redirect_uri: returnTo = '' } = c.req.query();
    const isRegistered = id === client.id && client.redirectUris.includes(returnTo);
    if (!isRegistered) return c.text('Not registered.', 400);
    signedIn = undefined;
    if (site) c.header('set-cookie', site.ended);
    return c.redirect(returnTo, 303);
  });

  return {
    issuer,
    fetch: async (request: Request) => app.fetch(request),
    /** Whose session the provider has in the browser; undefined for nobody. */
    signIn: (subject: string | undefined, claims: Record<string, unknown> = {}) => {
      signedIn = subject;
      if (subject !== undefined) people.set(subject, claims);
    },
    /** Who is signed in, by subject and address. */
    person: () =>
      signedIn === undefined ? [] : [signedIn, String(people.get(signedIn)?.['email'])],
    /** From now on, it answers wrongly in these places. */
    goWrong: (next: Wrongs) => {
      wrongs = next;
    },
    rotate: keyring.rotate,
    sign,
    requests,
  };
}

export type OpenIdProvider = Awaited<ReturnType<typeof createOpenIdProvider>>;

/** RFC 6749 §2.3.1: encoded for HTTP Basic, or in the body. */
function isClient(c: Context, form: Record<string, string>, client: OpenIdClient): boolean {
  const { id, secret, method } = client;
  const basic = /^Basic (.+)$/.exec(c.req.header('authorization') ?? '')?.[1];
  if (basic !== undefined) {
    const [user, password] = atob(basic).split(':').map(decodeURIComponent);
    const isRight = secret !== undefined && user === id && password === secret;
    return isRight && method !== 'client_secret_post';
  }
  const isRight = form['client_id'] === id && form['client_secret'] === secret;
  return isRight && method !== 'client_secret_basic';
}

async function challengeOf(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const text = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
