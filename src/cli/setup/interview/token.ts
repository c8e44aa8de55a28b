import { fetchMetadata } from '../../../identity/discovery.ts';
import { tryIssuer, tryKeySet, tryPage, untilItWorks, type Tried } from './attempt.ts';
import { parseConfig } from '../../../config/config.ts';
import { problemWith, UNSEEN, type Answers, type Asking, type Values } from './answers.ts';
import { pasteProblem } from '../oddity.ts';
import { issuerIn } from './provider.ts';

type Said = Pick<Answers, 'settings' | 'secrets'>;

const needed = (answer: string) => (answer.trim() === '' ? 'An answer is needed.' : undefined);

/** Asks for the keys, the issuer and the cookie of JWTs that the site signs with a key pair. */
export async function askKeySet(asking: Asking): Promise<Said | undefined> {
  const { dialogue } = asking;
  const address = await untilItWorks<string>(
    asking,
    async (before) =>
      dialogue.ask(
        'Where does your site publish its keys? (the address of the key set, or the issuer)',
        (given) => problemWith('AUTH_JWKS_URL', given, { AUTH_ISSUER: 'unknown' }),
        before,
      ),
    'Fetching the keys',
    tryKeysOrIssuer,
  );
  if (address === undefined) return undefined;
  const settings: Values = await settingsFor(address);
  const issuer =
    settings['AUTH_ISSUER'] ??
    (await dialogue.ask('What is the `iss` of its tokens?', needed, new URL(address).origin));
  const audience = await dialogue.ask(
    'What is their `aud`? (empty if they have none)',
    () => undefined,
  );
  if (issuer === undefined || audience === undefined) return undefined;
  const cookie = await askCookie(asking);
  if (cookie === undefined) return undefined;
  return {
    settings: {
      ...settings,
      AUTH_ISSUER: issuer,
      ...(audience !== '' && { AUTH_AUDIENCE: audience }),
      AUTH_COOKIE: cookie,
    },
    secrets: {},
  };
}

async function tryKeysOrIssuer(address: string): Promise<Tried> {
  const keys = await tryKeySet(new URL(address));
  if (keys.kind === 'works') return keys;
  const issuer = await tryIssuer(await issuerIn(address));
  return issuer.kind === 'works' ? issuer : keys;
}

/** An issuer stands for its keys, which its discovery document names. */
async function settingsFor(address: string): Promise<Values> {
  if ((await tryKeySet(new URL(address))).kind === 'works') return { AUTH_JWKS_URL: address };
  const issuer = await issuerIn(address);
  try {
    const { jwks_uri: keys } = await fetchMetadata(issuer);
    return { AUTH_JWKS_URL: keys, AUTH_ISSUER: issuer };
  } catch {
    return { AUTH_JWKS_URL: address };
  }
}

/** Asks for the secret and the cookie of JWTs that the site signs with HS256. */
export async function askSharedSecret(asking: Asking): Promise<Said | undefined> {
  const secret = await asking.dialogue.askSecret(
    'The secret that your site signs its tokens with (not shown; at least 32 bytes)',
    (given) => pasteProblem('AUTH_JWT_SECRET', given) ?? problemWith('AUTH_JWT_SECRET', given),
  );
  if (secret === undefined) return undefined;
  const cookie = await askCookie(asking);
  if (cookie === undefined) return undefined;
  return { settings: { AUTH_COOKIE: cookie }, secrets: { AUTH_JWT_SECRET: secret } };
}

async function askCookie({ dialogue }: Asking): Promise<string | undefined> {
  return dialogue.ask('Which cookie holds the token?', (given) =>
    problemWith('AUTH_COOKIE', given),
  );
}

/** The preset knows the cookie's usual name: a site can choose another. */
export async function askPresetCookie(
  { dialogue }: Asking,
  settings: Values,
): Promise<Values | undefined> {
  const parsed = parseConfig({ ...UNSEEN, ...settings });
  const usual = parsed.kind === 'valid' ? parsed.config.auth.cookie : undefined;
  const name = await dialogue.ask(
    'Which cookie holds the session?',
    (given) => problemWith('AUTH_COOKIE', given),
    usual,
  );
  if (name === undefined) return undefined;
  return name === usual ? {} : { AUTH_COOKIE: name };
}

const WAY_BACK = '{return_to}';

/** Asks where signed-out visitors go. Undefined if there is nobody to ask. */
export async function askSignIn(asking: Asking, site: string): Promise<Values | undefined> {
  const { dialogue, shell } = asking;
  const address = await untilItWorks<string>(
    asking,
    async (before) =>
      dialogue.ask(
        `Where do people sign in? (such as ${site}/sign-in?return_to=${WAY_BACK}: it becomes the way back)`,
        (given) => problemWith('SIGN_IN_URL', given),
        before,
      ),
    'Opening the sign-in page',
    async (given) =>
      tryPage(new URL(given.replace(WAY_BACK, encodeURIComponent(site)), site), shell.fetch),
  );
  return address === undefined ? undefined : { SIGN_IN_URL: address };
}
