import type { Command } from 'commander';
import { command as shown } from '../commands.ts';
import { OperatorProblem } from './problem.ts';

// A setting of npm that also stands in people's .npmrc, and that nothing is lost by.
const HARMLESS = new Set(['json']);

/**
 * `npm run deploy --env staging` keeps `--env` for npm and would deploy the Worker of the top level.
 *
 * @throws OperatorProblem with the command that was meant
 */
export function refuseSwallowed(command: Command, environment: NodeJS.ProcessEnv): void {
  if (environment['npm_command'] !== 'run') return;
  const swallowed = command.options
    .filter((option) => !HARMLESS.has(option.attributeName()))
    .filter((option) => command.getOptionValueSource(option.attributeName()) === undefined)
    .filter(({ long }) => {
      const value = environment[`npm_config_${long?.slice(2).replaceAll('-', '_')}`];
      return value !== undefined && value !== '' && value !== 'false';
    })
    .map(({ long }) => long ?? '');
  if (swallowed.length === 0) return;
  const meant = [...swallowed, ...command.args].join(' ');
  throw new OperatorProblem(
    `npm has kept ${swallowed.join(' and ')} for itself. Options come after --: \`${shown(command.name(), meant)}\`. Nothing was done.`,
  );
}

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
