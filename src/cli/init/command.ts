import type { Command } from 'commander';
import type { Shell } from '../shell.ts';
import type { InitOptions } from './index.ts';

/** Adds the command `init`, which a clone has no use for. */
export function addInit(program: Command, shell: Shell): void {
  program
    .command('init')
    .description('Write the files of a Worker that is portal-link, or add what a Worker lacks.')
    .argument('[folder]', 'where to; by default here')
    .option('--yes', 'write and install without asking')
    .option('--dry-run', 'show what it would write, and change nothing')
    .addHelpText(
      'after',
      `
It never replaces what is in a file. In a folder that has a Worker, it shows what it adds first.`,
    )
    .action(async (folder: string | undefined, options: InitOptions) => {
      const { runInit } = await import('./index.ts');
      return runInit(shell, folder, options);
    });
}
