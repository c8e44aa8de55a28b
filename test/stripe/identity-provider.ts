import { Hono } from 'hono';
import { createKeyring } from './identity-keys.ts';
import { deniedPage, signInPage, unknownAccountText } from './pages/sign-in.ts';
import { isLoopback } from './loopback.ts';
import { page } from './pages/layout.ts';
import type { Account } from './pages/sign-in.ts';

export type { Account };

export type IdentityProviderOptions = {
  issuer: string;
  audience?: string;
  accounts: Account[];
  /** Milliseconds, as Date.now. */
  now?: () => number;
  cookie?: string;
};

export type IdentityProvider = {
  fetch: (request: Request) => Promise<Response>;
  /** Signs exactly these claims; the header's fields may be overridden. */
  sign: (claims: Record<string, unknown>, header?: Record<string, unknown>) => Promise<string>;
  tokenFor: (subject: string) => Promise<string>;
  /** A new key at once: tokens of the old one no longer verify. */
  rotate: () => Promise<void>;
  /** How many times the JWKS was served. */
  readonly requests: number;
};

const hour = 3600;

/** A small sign-in of a site's own: demo accounts, a session cookie, a JWKS. */
export async function createIdentityProvider(
  options: IdentityProviderOptions,
): Promise<IdentityProvider> {
  const { issuer, audience, accounts, now = Date.now, cookie = 'session' } = options;
  const keyring = await createKeyring();
  let requests = 0;

  const tokenFor = async (subject: string) => {
    const account = accounts.find((candidate) => candidate.subject === subject);
    if (!account) throw new Error(unknownAccountText(subject, accounts));
    const issuedAt = Math.floor(now() / 1000);
    return keyring.sign({
      sub: subject,
      email: account.email,
      email_verified: true,
      name: account.name,
      iss: issuer,
      ...(audience !== undefined && { aud: audience }),
      iat: issuedAt,
      exp: issuedAt + hour,
    });
  };
  const isKnown = (subject: string) => accounts.some((account) => account.subject === subject);

  const app = new Hono();

  app.get('/.well-known/jwks.json', (context) => {
    requests += 1;
    return context.json({ keys: [keyring.publicKey()] });
  });

  app.post('/control/rotate', async (context) => {
    await keyring.rotate();
    const isForm = context.req.header('content-type')?.includes('form') ?? false;
    return isForm ? context.redirect('/', 303) : context.body(null, 204);
  });

  app.get('/token', async (context) => {
    const subject = context.req.query('account') ?? '';
    if (!isKnown(subject)) return context.text(`${unknownAccountText(subject, accounts)}\n`, 404);
    const headers = { 'cache-control': 'no-store' };
    return context.text(`${await tokenFor(subject)}\n`, 200, headers);
  });

  app.get('/sign-in', async (context) => {
    const { account: subject, return_to: returnTo = '/' } = context.req.query();
    const here = new URL(context.req.url);
    const destination = readDestination(returnTo, here);
    if (!destination) return page(deniedPage(), 400);
    if (destination.hostname !== here.hostname) return moveTo(destination.hostname, here);
    if (subject === undefined) return page(signInPage(accounts, returnTo));
    if (!isKnown(subject)) return context.text(`${unknownAccountText(subject, accounts)}\n`, 404);
    return leave(returnTo, `${cookie}=${await tokenFor(subject)}`, hour);
  });

  app.get('/sign-out', async (context) => {
    const returnTo = context.req.query('return_to') ?? '/';
    const here = new URL(context.req.url);
    const destination = readDestination(returnTo, here);
    if (!destination) return page(deniedPage(), 400);
    if (destination.hostname !== here.hostname) return moveTo(destination.hostname, here);
    return leave(returnTo, `${cookie}=`, 0);
  });

  return {
    fetch: async (request) => app.fetch(request),
    sign: keyring.sign,
    tokenFor,
    rotate: keyring.rotate,
    get requests() {
      return requests;
    },
  };
}

/** A path of this site or an address on this machine; nothing else is returned to. */
function readDestination(returnTo: string, here: URL): URL | undefined {
  if (!URL.canParse(returnTo, here)) return undefined;
  const destination = new URL(returnTo, here);
  return destination.origin === here.origin || isLoopback(destination.href)
    ? destination
    : undefined;
}

// A cookie belongs to a host name: `localhost` and `127.0.0.1` are two.
function moveTo(hostname: string, here: URL): Response {
  const moved = new URL(here);
  moved.hostname = hostname;
  return redirect(moved.href);
}

function leave(location: string, cookie: string, maximumAge: number): Response {
  const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${maximumAge}`;
  return redirect(location, { 'set-cookie': `${cookie}; ${attributes}` });
}

function redirect(location: string, headers: Record<string, string> = {}): Response {
  return new Response(null, {
    status: 303,
    headers: { location, 'cache-control': 'no-store', ...headers },
  });
}
