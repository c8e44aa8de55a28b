import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unstable_readConfig, type Unstable_Config } from 'wrangler';
import { misplacedSettings, MOVE } from './misplaced.ts';
import { command } from '../commands.ts';
import { OperatorProblem } from './problem.ts';
import { CONFIG_FILE } from './toml.ts';

/** @throws OperatorProblem if it cannot be read, or has no such environment */
export function readConfigFile(directory: string, env: string | undefined): Unstable_Config {
  if (env !== undefined && !hasEnvironment(directory, env)) {
    throw new OperatorProblem(
      `${CONFIG_FILE} has no [env.${env}]. Add it with \`${command('setup', `--env ${env}`)}\`, or leave --env out for the Worker of the top level.`,
    );
  }
  return parseConfigFile(directory, env ?? '');
}

/** @throws OperatorProblem if there is no wrangler.toml, or it cannot be read */
export function hasEnvironment(directory: string, env: string): boolean {
  return parseConfigFile(directory, '').definedEnvironments?.includes(env) ?? false;
}

function parseConfigFile(directory: string, env: string): Unstable_Config {
  const path = join(directory, CONFIG_FILE);
  if (!existsSync(path)) {
    throw new OperatorProblem(`There is no ${CONFIG_FILE} here. Run this in portal-link's folder.`);
  }
  try {
    return unstable_readConfig({ config: path, env }, { hideWarnings: true });
  } catch (error) {
    const [misplaced] = misplacedIn(directory);
    if (misplaced !== undefined) throw new OperatorProblem(`${misplaced}. ${MOVE}`);
    const reason = error instanceof Error ? error.message : 'it cannot be read';
    throw new OperatorProblem(`${CONFIG_FILE}: ${reason}`);
  }
}

/** What most probably makes wrangler refuse a file that is TOML. */
function misplacedIn(directory: string): string[] {
  try {
    return misplacedSettings(directory);
  } catch {
    return [];
  }
}
