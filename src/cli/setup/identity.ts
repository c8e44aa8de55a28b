import { parseConfig } from '../../config/config.ts';
import { setInConfigFile } from '../files.ts';
import { hasSecret, variablesTable, type Context } from './context.ts';

const questions: [name: string, question: string][] = [
  ['AUTH_JWKS_URL', 'Where are your identity provider’s keys? (README.md has recipes)'],
  ['AUTH_ISSUER', 'What is the `iss` of its tokens?'],
  ['AUTH_COOKIE', 'Which cookie holds the token?'],
  ['SIGN_IN_URL', 'Where do people sign in? ({return_to} becomes the way back)'],
];

/** Asks who people are recognised by, where nothing is said of it yet. Returns how many changes. */
export async function settleIdentity(context: Context): Promise<number> {
  const { target, dialogue } = context;
  if (target.variables['AUTH_JWKS_URL'] || hasSecret(context, 'AUTH_JWT_SECRET')) return 0;
  if (target.variables['AUTH_JWT_SECRET']) return 0;
  // People may come by signed links alone.
  if (hasSecret(context, 'LINK_SECRET') || target.variables['LINK_SECRET']) return 0;
  const answers: [string, string][] = [];
  for (const [name, question] of questions) {
    const answer = await dialogue.ask(question, (given) => problemWith(name, given));
    if (answer === undefined) {
      dialogue.say(
        'Nobody can be recognised yet: set AUTH_JWKS_URL, AUTH_ISSUER and AUTH_COOKIE in wrangler.toml.',
      );
      return 0;
    }
    answers.push([name, answer]);
  }
  const table = variablesTable(target);
  for (const [name, answer] of answers) setInConfigFile(target.directory, table, name, answer);
  return answers.length;
}

/** In the words of the Worker itself, which reads these settings by the same rules. */
function problemWith(name: string, given: string): string | undefined {
  if (given === '') return 'It is needed.';
  const parsed = parseConfig({ [name]: given });
  if (parsed.kind === 'valid') return undefined;
  return parsed.problems.find(({ key }) => key === name)?.remedy;
}
