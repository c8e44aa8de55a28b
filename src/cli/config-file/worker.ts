import { join } from 'node:path';
import { unstable_readConfig, type Unstable_Config } from 'wrangler';
import { command } from '../../commands.ts';
import { misplacedSettings, move } from '../misplaced.ts';
import { OperatorProblem } from '../problem.ts';
import { configFileIn } from './find.ts';
import { formatOf } from './formats.ts';
import { readConfig } from './read.ts';

// Wrangler ends with what stands in a wrong place, on one line or several: it may be a secret.
const VALUE = /,? but got .*$|,? but these weren't valid: [^]*$/gm;

/** @throws OperatorProblem if it cannot be read, or has no such environment */
export function readWorkerConfig(directory: string, env: string | undefined): Unstable_Config {
  if (env !== undefined && !hasEnvironment(directory, env)) {
    const file = configFileIn(directory);
    throw new OperatorProblem(
      `${file} has no ${formatOf(file).tableName('env', env)}. Add it with \`${command('setup', `--env ${env}`)}\`, or leave --env out for the Worker of the top level.`,
    );
  }
  return parsed(directory, env ?? '');
}

/** @throws OperatorProblem if there is no configuration, or it cannot be read */
export function hasEnvironment(directory: string, env: string): boolean {
  return parsed(directory, '').definedEnvironments?.includes(env) ?? false;
}

function parsed(directory: string, env: string): Unstable_Config {
  const file = configFileIn(directory);
  // Wrangler passes over a part of what is wrong, and says of the rest only that it is.
  readConfig(directory);
  try {
    return unstable_readConfig({ config: join(directory, file), env }, { hideWarnings: true });
  } catch (error) {
    const [misplaced] = misplacedSettings(directory);
    if (misplaced !== undefined) throw new OperatorProblem(`${misplaced}. ${move(directory)}`);
    const reason = error instanceof Error ? error.message : 'it cannot be read';
    throw new OperatorProblem(`${file}: ${reason.replaceAll(VALUE, '.')}`);
  }
}
