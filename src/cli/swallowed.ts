import type { Command, Option } from 'commander';
import { command as shown } from '../commands.ts';
import { OperatorProblem } from './problem.ts';

// Names that npm knows as well: they may come from .npmrc, or from a CI's environment. Without them,
// less is printed and more is asked. It also knows --dry-run, but losing that one changes things.
const HARMLESS = new Set(['yes', 'json']);

/**
 * `npm run deploy --env staging` keeps `--env` for npm and would deploy the Worker of the top level.
 *
 * @throws OperatorProblem with the command that was meant
 */
export function refuseSwallowed(command: Command, environment: NodeJS.ProcessEnv): void {
  // npm 11 says `run`, npm 10 and older `run-script`.
  if (!/^run(?:-script)?$/.test(environment['npm_command'] ?? '')) return;
  const kept = new Map<Option, string>();
  for (const option of command.options) {
    const value = environment[`npm_config_${option.long?.slice(2).replaceAll('-', '_')}`];
    if (isKept(command, option, value)) kept.set(option, value);
  }
  const lost = [...kept.keys()].filter((option) => !HARMLESS.has(option.attributeName()));
  if (lost.length === 0) return;
  const names = lost.map(({ long }) => long).join(' and ');
  throw new OperatorProblem(
    `npm has kept ${names} for itself. Options come after --: \`${shown(command.name(), meant(command, kept))}\`. Nothing was done.`,
  );
}

function isKept(command: Command, option: Option, value: string | undefined): value is string {
  const name = option.attributeName();
  if (command.getOptionValueSource(name) !== undefined) return false;
  // An address would be the publisher's, in .npmrc.
  if (name === 'email') return value === 'true';
  return value !== undefined && value !== '' && value !== 'false';
}

/** What was typed, as it should be. npm keeps a value only behind `=`. */
function meant(command: Command, kept: ReadonlyMap<Option, string>): string {
  const { args } = command;
  const bare = command.options.filter(
    (option) => takesValue(option) && kept.get(option) === 'true',
  );
  const isClear = bare.length === 0 || (bare.length === 1 && args.length === 1);
  const options = command.options.flatMap((option) => {
    const { long, flags } = option;
    const name = option.attributeName();
    const arrived = command.getOptionValueSource(name) === 'cli';
    if (!arrived && !kept.has(option)) return [];
    if (!takesValue(option)) return [long];
    if (bare.includes(option)) return isClear ? [long, quoted(args[0])] : [flags];
    return [long, quoted(arrived ? command.getOptionValue(name) : kept.get(option))];
  });
  const words = isClear ? args.slice(bare.length).map(quoted) : wordsOf(command, bare.length);
  return [...options, ...words].join(' ');
}

/** Names of the words that the command takes, if there are more words than lost values. */
const wordsOf = ({ args, registeredArguments }: Command, values: number) =>
  args.length > values ? registeredArguments.map((each) => `<${each.name()}>`) : [];

const takesValue = ({ required, optional }: Option) => required || optional;

const quoted = (value: unknown) => {
  const text = String(value);
  return /^[\w@:/.,+=-]+$/.test(text) ? text : JSON.stringify(text);
};

/** @throws OperatorProblem if the command takes no such word */
export function refuseExcess(command: Command): void {
  const { args, registeredArguments } = command;
  const [excess] = args.slice(registeredArguments.length);
  const isVariadic = registeredArguments.at(-1)?.variadic ?? false;
  if (excess === undefined || isVariadic) return;
  throw new OperatorProblem(
    `“${excess}” is no option. \`${shown(command.name(), '--help')}\` lists them. Nothing was done.`,
  );
}
