import { parseConfig } from '../../config/config.ts';
import { hasSecret, setSetting, settingsPlace, type Context } from './context.ts';

const questions: [name: string, question: string][] = [
  [
    'AUTH_JWKS_URL',
    'Where are your identity provider’s keys? (src/identity/README.md has recipes)',
  ],
  ['AUTH_ISSUER', 'What is the `iss` of its tokens?'],
  ['AUTH_COOKIE', 'Which cookie holds the token?'],
  ['SIGN_IN_URL', 'Where do people sign in? ({return_to} becomes the way back)'],
];

// With one of these, there is nothing to ask.
const SETTLED = [
  'AUTH_JWT_SECRET',
  'AUTH_CLIENT_ID',
  'AUTH_PROVIDER',
  'AUTHJS_SECRET',
  'SESSION_PRESET',
  'SESSION_URL',
];

/** Asks how visitors are identified, if no setting says so. Returns the number of changes. */
export async function settleIdentity(context: Context): Promise<number> {
  const { target, dialogue } = context;
  if (target.variables['AUTH_JWKS_URL'] || hasSecret(context, 'AUTH_JWT_SECRET')) return 0;
  if (hasSecret(context, 'AUTHJS_SECRET')) return 0;
  if (SETTLED.some((name) => target.variables[name])) return 0;
  // Signed links alone are enough.
  if (hasSecret(context, 'LINK_SECRET') || target.variables['LINK_SECRET']) return 0;
  const answers: [string, string][] = [];
  for (const [name, question] of questions) {
    const answer = await dialogue.ask(question, (given) => problemWith(name, given));
    if (answer === undefined) {
      dialogue.say(
        `Visitors cannot be identified yet: set AUTH_JWKS_URL, AUTH_ISSUER and AUTH_COOKIE in ${settingsPlace(target)}.`,
      );
      return 0;
    }
    answers.push([name, answer]);
  }
  for (const [name, answer] of answers) setSetting(target, name, answer);
  return answers.length;
}

/** What the Worker itself would say is wrong with the setting. */
function problemWith(name: string, given: string): string | undefined {
  if (given === '') return 'It is needed.';
  const parsed = parseConfig({ [name]: given });
  if (parsed.kind === 'valid') return undefined;
  return parsed.problems.find(({ key }) => key === name)?.remedy;
}
