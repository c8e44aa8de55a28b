import { styleText } from 'node:util';
import { nameOf } from '../../../identity/principal.ts';
import { createDialogue } from '../../dialogue.ts';
import { printable } from '../../printable.ts';
import { OperatorProblem } from '../../problem.ts';
import { configOf, problemsOf } from '../../settings.ts';
import { decode } from '../../setup/given-key.ts';
import type { Shell } from '../../shell.ts';
import { readTarget, shownCommand, type Target, type TargetOptions } from '../../target.ts';
import { secretsFileOf } from '../../variables.ts';
import { isAboutKeys } from '../identity.ts';
import { whoIs } from './who.ts';

const QUESTION = 'The Cookie header, or one cookie as name=value (it is not shown)';

/**
 * Says who a cookie names, by the Worker's own functions and settings, or why nobody. The cookie is
 * never printed. Returns the exit status: 1 if it names nobody.
 *
 * @throws OperatorProblem without a cookie, or while the settings are wrong
 */
export async function runCookie(shell: Shell, options: TargetOptions): Promise<0 | 1> {
  const target = readTarget(shell.directory, shell.environment, options);
  const config = readConfig(target);
  const header = await readHeader(shell);
  const lookedUp = await whoIs(header, config, target, new Date());
  const rows: [string, string][] =
    lookedUp.kind === 'somebody'
      ? [
          ['Names', describe(lookedUp.principal)],
          ['By', lookedUp.by],
          ['The link', `${shownCommand('customer', target, 'WHO')} says what it opens`],
        ]
      : [['Names', 'nobody'], ...lookedUp.reasons.map((why): [string, string] => ['Why', why])];
  for (const [title, text] of rows) {
    shell.print(`${styleText('bold', title.padEnd(10))}${printable(text)}\n`);
  }
  return lookedUp.kind === 'somebody' ? 0 : 1;
}

type Config = NonNullable<ReturnType<typeof configOf>>;

const isOurs = (key: string) =>
  isAboutKeys(key) || key === 'AUTH_COOKIE' || key === 'PUBLIC_ORIGIN';

function readConfig(target: Target): Config {
  const subject = { target, stored: new Set<string>() };
  const config = configOf(subject, isOurs);
  if (config) return config;
  const problems = problemsOf(subject, isOurs).map(({ key, remedy }) => `${key}: ${remedy}`);
  const where = `Secrets are read from the environment or ${secretsFileOf(target)}.`;
  throw new OperatorProblem([...problems, where].join('\n'));
}

async function readHeader(shell: Shell): Promise<string> {
  const given = shell.isInteractive
    ? await createDialogue(shell, { yes: false, dryRun: false }).askSecret(QUESTION, (answer) =>
        answer.trim() === '' ? 'It is needed.' : undefined,
      )
    : decode(await shell.readInput());
  const header = (given ?? '').trim().replace(/^cookie:\s*/i, '');
  if (header !== '') return header;
  throw new OperatorProblem('--cookie: standard input is empty. Pipe the Cookie header into it.');
}

function describe(principal: Parameters<typeof nameOf>[0]): string {
  const { email, emailVerified } = principal;
  if (email === undefined) return nameOf(principal);
  const isVerified =
    emailVerified === undefined ? '' : emailVerified ? ', verified' : ', unverified';
  return `${nameOf(principal)} (${email}${isVerified})`;
}
