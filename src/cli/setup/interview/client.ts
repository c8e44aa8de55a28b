import { parseConfig, type Config } from '../../../config/config.ts';
import { pasteProblem } from '../oddity.ts';
import { probeClient } from '../../client-probe.ts';
import { probeSecret } from '../../secret-probe.ts';
import { UNSEEN, type Answers, type Asking, type Values } from './answers.ts';
import { untilItWorks, type Tried } from './attempt.ts';

const CLIENT_ID = 'What is the client id that your provider gave the Worker?';
const CLIENT_SECRET = 'Its client secret (not shown; empty if the client has none)';

/**
 * Asks for the client as which the Worker signs people in, and tries it. Undefined if there is
 * nobody to ask.
 *
 * @param provider  the settings that say where it is
 * @param origin  the Worker's
 */
export async function askClient(
  asking: Asking,
  provider: Values,
  origin: string,
): Promise<Pick<Answers, 'settings' | 'secrets'> | undefined> {
  const { dialogue } = asking;
  const callback = `${origin}/billing/callback`;
  dialogue.say(
    `At your provider, make a client for the Worker (a web application). Register this address, for signing in and for signing out:\n  ${callback}\nsrc/identity/README.md says where each provider has it.`,
  );
  const id = await untilItWorks<string>(
    asking,
    async (before) => dialogue.ask(CLIENT_ID, isGiven, before),
    'Asking the provider about the client',
    async (AUTH_CLIENT_ID) => tryClient({ ...provider, AUTH_CLIENT_ID }, origin, callback),
  );
  if (id === undefined) return undefined;
  const settings: Values = { ...provider, AUTH_CLIENT_ID: id.trim() };
  const secret = await untilItWorks<string>(
    asking,
    async () =>
      dialogue.askSecret(CLIENT_SECRET, (given) =>
        pasteProblem('AUTH_CLIENT_SECRET', given.trim()),
      ),
    'Showing the secret to the provider',
    async (given) => trySecret({ ...settings, ...secretsOf(given) }, origin, callback),
  );
  return { settings, secrets: secretsOf(secret) };
}

const secretsOf = (given = ''): Values =>
  given.trim() === '' ? {} : { AUTH_CLIENT_SECRET: given.trim() };

const isGiven = (answer: string) => (answer.trim() === '' ? 'An answer is needed.' : undefined);

async function tryClient(settings: Values, origin: string, callback: string): Promise<Tried> {
  const read = readClient(settings, origin);
  if (read.kind === 'fails') return read;
  const answer = await probeClient(read.auth, read.oidc, callback, new Date());
  switch (answer.kind) {
    case 'known':
      return { kind: 'works', found: 'The provider knows the client and the address.' };
    case 'unclear':
      return {
        kind: 'works',
        found: `Whether it knows them does not show from outside: ${answer.found}. Sign in once, afterwards.`,
      };
    case 'error':
      return { kind: 'fails', reason: `The provider answers ${answer.error}.` };
    case 'refused':
      return {
        kind: 'fails',
        reason: `The provider shows an error page (${answer.status}): it does not know the client, or not ${callback}.`,
      };
    default:
      return answer satisfies never;
  }
}

async function trySecret(settings: Values, origin: string, callback: string): Promise<Tried> {
  const read = readClient(settings, origin);
  if (read.kind === 'fails') return read;
  const answer = await probeSecret(read.auth, read.oidc, callback, new Date());
  const hasSecret = read.oidc.clientSecret !== undefined;
  switch (answer.kind) {
    case 'taken':
      return {
        kind: 'works',
        found: hasSecret ? 'The provider takes the secret.' : 'The provider asks for no secret.',
      };
    case 'unclear':
      return {
        kind: 'works',
        found: `Only a sign-in shows whether the provider takes ${hasSecret ? 'the secret' : 'a client without a secret'}: ${answer.found}. Sign in once, afterwards.`,
      };
    case 'refused':
      return {
        kind: 'fails',
        reason: `The provider refuses the client ${hasSecret ? 'with this secret' : 'without a secret'}: ${answer.error}.`,
      };
    default:
      return answer satisfies never;
  }
}

type Read =
  | { kind: 'read'; auth: Config['auth']; oidc: NonNullable<Config['auth']['oidc']> }
  | { kind: 'fails'; reason: string };

function readClient(settings: Values, origin: string): Read {
  const parsed = parseConfig({ ...UNSEEN, PUBLIC_ORIGIN: origin, ...settings });
  if (parsed.kind === 'invalid') {
    const reasons = parsed.problems.map(({ key, remedy }) => `${key}: ${remedy}`);
    return { kind: 'fails', reason: reasons.join('\n') };
  }
  const { auth } = parsed.config;
  if (!auth.oidc) return { kind: 'fails', reason: 'AUTH_CLIENT_ID is missing.' };
  return { kind: 'read', auth, oidc: auth.oidc };
}
