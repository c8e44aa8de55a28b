import { Option, type Command } from 'commander';
import { ENVIRONMENT, KEY_STDIN, PERSIST_TO, REMOTE } from '../options.ts';
import type { Shell } from '../shell.ts';
import { runCustomer, type CustomerOptions } from './index.ts';

/** Adds `npm run customer`. */
export function addCustomer(program: Command, shell: Shell): void {
  program
    .command('customer')
    .description('Show what D1 and Stripe say of a customer, and mend whose it is.')
    .argument('<who>', 'the id of a customer (cus_…), a subject, or an e-mail address')
    .addOption(REMOTE)
    .addOption(ENVIRONMENT)
    .addOption(KEY_STDIN)
    .addOption(PERSIST_TO)
    .option('--sync', 'first bring D1 up to what Stripe says')
    .addOption(
      new Option(
        '--map <subject>',
        'give the customer to this subject, whatever Stripe says',
      ).conflicts('unmap'),
    )
    .option('--unmap', 'say that the customer is nobody’s, whatever Stripe says')
    .addHelpText(
      'after',
      `
The Stripe key is read from the environment, from .dev.vars (.dev.vars.production with --remote,
.dev.vars.NAME with --env), or with --key-stdin.`,
    )
    .action(async (who: string, options: CustomerOptions) => runCustomer(shell, who, options));
}
