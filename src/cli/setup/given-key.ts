import { parseConfig } from '../../config/config.ts';
import { OperatorProblem } from '../problem.ts';
import type { Shell } from '../shell.ts';
import { shownCommand, type Target } from '../target.ts';
import { secretsFileOf } from '../variables.ts';
import { oddityIn } from './oddity.ts';

export const KEY_NAME = 'STRIPE_SECRET_KEY';

/**
 * The key that the operator has given without being asked: on standard input, in the environment
 * or in a file.
 *
 * @throws OperatorProblem if standard input has none
 */
export async function givenKey(
  { readInput }: Pick<Shell, 'readInput'>,
  { variables }: Pick<Target, 'variables'>,
  isOnInput: boolean,
): Promise<string | undefined> {
  if (!isOnInput) return variables[KEY_NAME]?.trim() || undefined;
  const key = decode(await readInput());
  if (key === '') {
    throw new OperatorProblem(
      '--key-stdin: standard input is empty. Pipe the key into the command.',
    );
  }
  return key;
}

/**
 * Without what pipes and files add to a key: line breaks, a byte order mark. PowerShell writes
 * UTF-16 to files, and Windows tools mark UTF-8.
 */
export function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const isUtf16 = first === 0xff && second === 0xfe;
  // trim() also takes away a byte order mark.
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes).trim();
}

/** What is wrong with the key: what came along with it, or what the Worker itself would say. */
export function keyProblem(secretKey: string): string | undefined {
  const oddity = oddityIn(KEY_NAME, secretKey);
  if (oddity !== undefined) return oddity;
  const parsed = parseConfig({ [KEY_NAME]: secretKey });
  if (parsed.kind === 'valid') return undefined;
  return parsed.problems.find(({ key }) => key === KEY_NAME)?.remedy;
}

export const KEY_QUESTION =
  'Stripe’s secret or restricted key (sk_test_… or rk_test_…; it is not shown)';

/** How to give a key where there is nobody to ask. */
export const howToGive = (target: Target) =>
  `${KEY_NAME} is missing. Run setup in a terminal, which asks for it; or pipe it into ` +
  `${shownCommand('setup', target, '--key-stdin')}; or put it into ${secretsFileOf(target)}. Keys: https://dashboard.stripe.com/test/apikeys`;
