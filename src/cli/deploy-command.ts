import type { Command } from 'commander';
import { command } from '../commands.ts';
import { ENVIRONMENT } from './options.ts';
import { OperatorProblem } from './problem.ts';
import type { Shell } from './shell.ts';
import type { TargetOptions } from './target.ts';

export function addDeploy(program: Command, shell: Shell): void {
  program
    .command('deploy')
    .description('Create D1 if it is missing, apply its migrations, deploy the Worker.')
    .addOption(ENVIRONMENT)
    .argument('[arguments...]', 'further arguments for `wrangler deploy`')
    .allowUnknownOption()
    .action(async (rest: string[], { env }: TargetOptions) => {
      refuseWords(rest);
      const options = env === undefined ? { remote: true } : { env };
      const { readTarget } = await import('./target.ts');
      const { deploy } = await import('./deploy.ts');
      await deploy(shell, readTarget(shell.directory, shell.environment, options), rest);
    });
}

/** A word that belongs to no option would reach wrangler as the file to deploy. */
function refuseWords([first]: readonly string[]): void {
  if (first === undefined || first.startsWith('-')) return;
  throw new OperatorProblem(
    `deploy takes options only, and not “${first}”. For that environment: \`${command('deploy', `--env ${first}`)}\`. Nothing was deployed.`,
  );
}
