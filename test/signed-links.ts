import { SignJWT } from 'jose';
import { createLimiter } from './limiter.ts';
import { createWorld, ORIGIN, SIGNED_OUT, type World } from './world.ts';

export const LINK_SECRET = 'the secret that links are signed with';
export const OTHER_SECRET = 'the secret that links were signed with';

const now = () => Math.floor(Date.now() / 1000);

/** The token of a link as a back end mints it, spoilt in one place where wanted. */
export async function signLink(
  claims: Record<string, unknown>,
  { secret = LINK_SECRET, header = {} }: { secret?: string; header?: Record<string, string> } = {},
): Promise<string> {
  const whole = {
    purpose: 'billing-link',
    aud: ORIGIN,
    iat: now(),
    exp: now() + 3600,
    ...claims,
  };
  return new SignJWT(whole)
    .setProtectedHeader({ alg: 'HS256', typ: 'portal-link+jwt', ...header })
    .sign(new TextEncoder().encode(secret));
}

/** What a browser sends when a person presses a button on one of our pages. */
export const PRESSED = {
  ...SIGNED_OUT,
  'sec-fetch-site': 'same-origin',
  'sec-fetch-user': '?1',
  'sec-ch-ua': '"Chromium";v="150"',
};

type Mail = { to: string; from: EmailAddress; subject: string; html: string; text: string };

/** Cloudflare's e-mail service as far as a sender sees it; `fail` lets it refuse the next one. */
function createMailbox() {
  const mails: Mail[] = [];
  const faults: Error[] = [];
  const send = async (mail: Mail) => {
    const fault = faults.shift();
    if (fault) throw fault;
    mails.push(mail);
    return { messageId: `<${mails.length}@example.com>` };
  };
  return {
    mails,
    fail: (code: string, message: string) => {
      faults.push(Object.assign(new Error(message), { code }));
    },
    binding: { send } as unknown as SendEmail,
  };
}

/** A world whose links are signed, and which can mail them. */
export async function createLinkWorld(settings: Record<string, unknown> = {}) {
  const mailbox = createMailbox();
  const world = await createWorld({
    LINK_SECRET,
    PUBLIC_ORIGIN: ORIGIN,
    EMAIL_FROM: 'billing@shop.example',
    EMAIL: mailbox.binding,
    SIGN_IN_BY_ADDRESS: createLimiter('SIGN_IN_BY_ADDRESS'),
    SIGN_IN_BY_CLIENT: createLimiter('SIGN_IN_BY_CLIENT'),
    ...settings,
  });
  const client = { 'cf-connecting-ip': '192.0.2.1' };

  const look = async (token: string, headers: Record<string, string> = SIGNED_OUT) =>
    world.visit(`/billing/manage?token=${token}`, { headers });

  const press = async (
    token: string,
    headers: Record<string, string> = PRESSED,
    fields: Record<string, string> = {},
  ) => {
    const body = new URLSearchParams({ token, open: 'link', ...fields });
    return world.visit('/billing/manage', { method: 'POST', headers, body });
  };

  const ask = async (
    fields: Record<string, string>,
    headers: Record<string, string> = {},
    answered?: () => void,
  ) => {
    const body = new URLSearchParams(fields);
    const init = { method: 'POST', headers: { ...PRESSED, ...client, ...headers }, body };
    return world.visit('/billing/sign-in', init, answered);
  };

  return { ...world, mailbox, look, press, ask };
}

export type LinkWorld = Awaited<ReturnType<typeof createLinkWorld>>;

/** The cookie with the session of ours, as a browser sends it back; undefined if none was set. */
export function sessionCookie(response: Response): string | undefined {
  const cookies = response.headers.getSetCookie();
  const [pair] = cookies.find((cookie) => cookie.startsWith('__Host-billing='))?.split(';') ?? [];
  return pair === '__Host-billing=' ? undefined : pair;
}

/** The customer of the last portal session. */
export function lastOpened(world: World): unknown {
  return world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters['customer'];
}
