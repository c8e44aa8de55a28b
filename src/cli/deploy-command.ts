import type { Command } from 'commander';
import { ENVIRONMENT } from './options.ts';
import type { Shell } from './shell.ts';
import type { TargetOptions } from './target.ts';

type Options = TargetOptions & { dryRun?: boolean };

export function addDeploy(program: Command, shell: Shell): void {
  program
    .command('deploy')
    .description('Create D1 if it is missing, apply its migrations, deploy the Worker.')
    .addOption(ENVIRONMENT)
    .option('--dry-run', 'build the Worker and check its settings, and change nothing')
    .argument('[arguments...]', 'further options for `wrangler deploy`')
    .allowUnknownOption()
    .action(async (rest: string[], { env, dryRun = false }: Options) => {
      const { refuseArguments, refuseBundling } = await import('./deploy-arguments.ts');
      refuseArguments(rest);
      const options = env === undefined ? { remote: true } : { env };
      const { readTarget } = await import('./target.ts');
      const { readWorkerConfig } = await import('./config-file/worker.ts');
      const { deploy } = await import('./deploy.ts');
      const target = readTarget(shell.directory, shell.environment, options);
      refuseBundling(rest, readWorkerConfig(shell.directory, env));
      await deploy(shell, target, rest, dryRun);
    });
}
