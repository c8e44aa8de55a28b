import type { Command } from 'commander';
import { ENVIRONMENT, KEY_STDIN, PERSIST_TO, REMOTE } from '../options.ts';
import type { Shell } from '../shell.ts';
import type { FillOptions } from './index.ts';

/** Adds the command `fill`. */
export function addFill(program: Command, shell: Shell): void {
  program
    .command('fill')
    .description(
      'Do the first fill from this machine: walk all customers, subscriptions and checkouts.',
    )
    .addOption(REMOTE)
    .addOption(ENVIRONMENT)
    .addOption(KEY_STDIN)
    .addOption(PERSIST_TO)
    .option('--begin-anew', 'forget how far the walks have come, and whose customers D1 has')
    .addHelpText(
      'after',
      `
It may run beside the cron job. Ctrl-C stops it after a page, and the next run goes on there. The
Stripe key is read from the environment, from .dev.vars (.dev.vars.production with --remote,
.dev.vars.NAME with --env), or with --key-stdin.`,
    )
    .action(async (options: FillOptions) => {
      const { runFill } = await import('./index.ts');
      return runFill(shell, options);
    });
}
