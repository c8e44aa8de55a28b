import { decodeJwt } from 'jose';

/** What must never be seen by anybody, wherever it stands. */
const SECRETS: [what: string, pattern: RegExp][] = [
  ['a Stripe key', /\b[sr]k_(?:test|live)_\w{8,}/],
  ['a signing secret', /\bwhsec_\w{8,}/],
  ['a token', /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/],
  ['a sealed value', /\beyJ[\w-]{8,}\.\.[\w-]{8,}\.[\w-]{8,}/],
];
// Cookies of ours that hold one.
const OWN_COOKIE = /^(?:__Host-)?(?:billing|account|switch|sign-in-[\w-]+)=/;

const TOKEN = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g;
// Each is a key, in any hands: of a portal session, and of one invoice.
const KEYS: [what: string, pattern: RegExp][] = [
  ['a portal URL', /\/p\/session\/(?:test|live)_\w+/],
  ['an invoice’s address', /\/i\/acct_\w+\/(?:test|live)_\w+/],
];
// Masked ones (a•••e@example.com) are for everybody.
const EMAIL = /(?<![\w.+•-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
// The operator's own, shown to everybody.
const PUBLIC_ADDRESSES = new Set(['help@shop.example', 'help@example.com', 'office@shop.example']);

/** What is wrong with this line of a log: nothing of a person or a secret belongs there. */
export function leaksInLog(line: string): string[] {
  return [
    ...secretsIn(line),
    ...keysIn(line),
    ...(emailsIn(line).length > 0 ? ['an e-mail address'] : []),
  ].map((what) => `${what} in the log`);
}

type Answer = { status: number; headers: Headers; body: string };

/** What is wrong with this answer to this request, of a person with these names. */
export function leaksInAnswer(
  request: Request,
  { status, headers, body }: Answer,
  sent = '',
  person: string[] = [],
): string[] {
  const { pathname } = new URL(request.url);
  // A link's page holds the token that it was asked for with; the session of a link is set as a
  // cookie, and a back end is answered with the link that it may mint.
  const given = `${decodeURIComponent(request.url)} ${sent}`;
  const hide = (text: string) =>
    text.replaceAll(TOKEN, (token) => (given.includes(token) ? '' : token));
  const head = [...headers]
    .filter(([name, value]) => name !== 'location' && !OWN_COOKIE.test(value))
    .join('\n');
  const mintsLinks = status === 201 && pathname === '/api/links';
  const isSession = status === 200 && pathname === '/api/stripe/create-portal-session';
  const location = headers.get('location') ?? '';
  const isOwn = (email: string) =>
    isInToken(email, request) ||
    person.some((name) => email === name || email.startsWith(`${name}.`));
  // What was typed is no secret from who typed it.
  const typed = `${given} ${[...new URLSearchParams(sent).values()].join(' ')}`;
  const strangers = emailsIn(body + head).filter(
    (email) => !isOwn(email) && !typed.includes(email),
  );
  return [
    ...secretsIn(hide(head + (mintsLinks ? '' : body) + location)),
    ...keysIn(head + (isSession ? '' : body)),
    ...(pathname === '/billing/manage' ? [] : keysIn(location)),
    ...(strangers.length > 0 ? ['somebody else’s e-mail address'] : []),
  ].map((what) => `${what} in the answer to ${request.method} ${pathname}`);
}

const found = (patterns: typeof SECRETS, text: string) =>
  patterns.filter(([, pattern]) => pattern.test(text)).map(([what]) => what);
const secretsIn = (text: string) => found(SECRETS, text);
const keysIn = (text: string) => found(KEYS, text);

const emailsIn = (text: string) =>
  (text.match(EMAIL) ?? []).filter((email) => !PUBLIC_ADDRESSES.has(email));

/** test/world.ts names people so that an address tells whose it is: user_7.1@example.com. */
function isInToken(email: string, request: Request): boolean {
  const { authorization = '', cookie = '' } = Object.fromEntries(request.headers);
  const tokens = `${authorization} ${cookie}`.match(/[\w-]+\.[\w-]+\.[\w-]+/g) ?? [];
  return tokens.some((token) => {
    try {
      const { sub, email: claimed } = decodeJwt(token);
      return claimed === email || email.startsWith(`${sub}.`);
    } catch {
      return false;
    }
  });
}
