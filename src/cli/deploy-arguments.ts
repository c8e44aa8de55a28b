import { parseArgs, type ParseArgsConfig } from 'node:util';
import { command } from '../commands.ts';
import { OperatorProblem } from './problem.ts';

const flag = { type: 'boolean' } as const;
const text = { type: 'string' } as const;

/** What of `wrangler deploy` neither names another Worker nor belongs into its configuration. */
const TAKEN = {
  alias: text,
  'compatibility-date': text,
  'compatibility-flag': text,
  'compatibility-flags': text,
  'containers-rollout': text,
  define: text,
  'durable-objects-code-update-mode': text,
  'jsx-factory': text,
  'jsx-fragment': text,
  'keep-vars': flag,
  latest: flag,
  logpush: flag,
  message: text,
  metafile: text,
  minify: flag,
  'no-bundle': flag,
  'no-minify': flag,
  'no-upload-source-maps': flag,
  'old-asset-ttl': text,
  outdir: text,
  outfile: text,
  'secrets-file': text,
  strict: flag,
  tag: text,
  tsconfig: text,
  'upload-source-maps': flag,
  var: text,
} satisfies ParseArgsConfig['options'];

// With these, wrangler would deploy another Worker than the one whose D1 was brought up to date.
const OF_ANOTHER = new Set(['c', 'config', 'cwd', 'e', 'name', 'profile', 'env-file']);

const OF_CONFIGURATION = new Set([
  'assets',
  'dispatch-namespace',
  'domain',
  'domains',
  'route',
  'routes',
  'schedule',
  'schedules',
  'triggers',
]);

// Wrangler says nothing of these where it does not bundle.
const OF_BUNDLING = new Set([
  'alias',
  'define',
  'jsx-factory',
  'jsx-fragment',
  'metafile',
  'tsconfig',
]);

const tokensOf = (given: readonly string[]) =>
  parseArgs({ args: [...given], options: TAKEN, strict: false, tokens: true }).tokens;

/**
 * Wrangler would refuse a wrong word as well, but after the migrations.
 *
 * @param given  arguments that are meant for `wrangler deploy`
 * @throws OperatorProblem that says what to write
 */
export function refuseArguments(given: readonly string[]): void {
  const tokens = tokensOf(given);
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') throw refuseWord(token.value, tokens[index - 1]);
    const problem = problemWith(token.name, token.rawName, token.value);
    if (problem !== undefined) throw new OperatorProblem(`${problem} Nothing was changed.`);
  }
}

/** @throws OperatorProblem if one of these arguments would have no effect on this Worker */
export function refuseBundling(
  given: readonly string[],
  { no_bundle: isBuilt }: { no_bundle: boolean | undefined },
): void {
  if (!isBuilt) return;
  for (const token of tokensOf(given)) {
    if (token.kind !== 'option' || !OF_BUNDLING.has(token.name)) continue;
    throw new OperatorProblem(
      `${token.rawName} is for Wrangler's bundler, which no_bundle in the Wrangler configuration leaves out: the Worker is built already. Nothing was changed.`,
    );
  }
}

function problemWith(name: string, shown: string, value: string | undefined): string | undefined {
  if (OF_ANOTHER.has(name)) {
    return `deploy acts on the Worker of the Wrangler configuration in this folder, and ${shown} may name another. For an environment: \`${command('deploy', '--env NAME')}\`.`;
  }
  if (OF_CONFIGURATION.has(name)) {
    return `deploy takes no ${shown}: set it in the Wrangler configuration, which doctor and setup read as well.`;
  }
  if (name === 'dry-run') return `${shown} takes no value.`;
  const taken = isTaken(name) ? TAKEN[name] : undefined;
  if (taken === undefined) {
    return `deploy takes no ${shown}. It takes --env, --dry-run and, of \`wrangler deploy\`, ${Object.keys(TAKEN).join(', ')}.`;
  }
  const isAlone = taken.type === 'boolean' || name === 'metafile';
  if (!isAlone && value === undefined) return `${shown} needs a value behind it.`;
  return undefined;
}

const isTaken = (name: string): name is keyof typeof TAKEN => Object.hasOwn(TAKEN, name);

type Token = { kind: 'option'; name: string; rawName: string } | { kind: string };

/** A word that belongs to no option would reach wrangler as the file to deploy. */
function refuseWord(word: string, before: Token | undefined): OperatorProblem {
  // Behind an option, it may be a value with a secret in it, such as of --var.
  const [shown, meant] =
    before && 'rawName' in before
      ? [`a word behind ${before.rawName}`, behind(before)]
      : [`“${word}”`, `For that environment: \`${command('deploy', `--env ${word}`)}\`.`];
  return new OperatorProblem(
    `deploy takes options only, and not ${shown}. ${meant} Nothing was changed.`,
  );
}

const behind = ({ name, rawName }: { name: string; rawName: string }) =>
  isTaken(name) && TAKEN[name].type === 'boolean'
    ? `With a value, write it as ${rawName}=true.`
    : 'Repeat the option for each of its values.';
