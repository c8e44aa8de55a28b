import { Option, type Command } from 'commander';
import type { ImportOptions } from '../import/index.ts';
import { ENVIRONMENT, KEY_STDIN, PERSIST_TO, REMOTE } from '../options.ts';
import { OperatorProblem } from '../problem.ts';
import type { Shell } from '../shell.ts';
import type { CustomerOptions } from './index.ts';

type Options = CustomerOptions & ImportOptions & { import?: string };

// What an import takes none of.
const OF_ONE = ['sync', 'map', 'unmap'];

/** Adds the command `customer`. */
export function addCustomer(
  program: Command,
  shell: Shell,
  onStatus: (status: number) => void,
): void {
  program
    .command('customer')
    .description('Show what D1 and Stripe say of a customer, and mend whose it is.')
    .argument('[who]', 'the id of a customer (cus_…), a subject, or an e-mail address')
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
    .addOption(
      new Option(
        '--import <file>',
        'map many: a CSV file with the header customer,subject or email,subject',
      ).conflicts(OF_ONE),
    )
    .option('--replace', 'with --import: also change customers that have another subject')
    .option('--write-metadata', 'with --import: also write the metadata at Stripe')
    .option('--yes', 'with --import: do it without asking')
    .option('--dry-run', 'with --import: show what it would do, and change nothing')
    .addHelpText(
      'after',
      `
The Stripe key is read from the environment, from .dev.vars (.dev.vars.production with --remote,
.dev.vars.NAME with --env), or with --key-stdin. --write-metadata needs a key of yours with
Customers: Write, from STRIPE_OPERATOR_KEY or typed in when asked; it is not stored.`,
    )
    .action(async (who: string | undefined, options: Options) => {
      const { import: file, replace, writeMetadata, yes, dryRun } = options;
      if (file !== undefined && who === undefined) {
        const { runImport } = await import('../import/index.ts');
        return onStatus((await runImport(shell, file, options)) ? 0 : 1);
      }
      if (who === undefined || file !== undefined) {
        throw new OperatorProblem('Name a customer, or a file with --import.');
      }
      if (replace || writeMetadata || yes || dryRun) {
        throw new OperatorProblem(
          '--replace, --write-metadata, --yes and --dry-run belong to --import.',
        );
      }
      const { runCustomer } = await import('./index.ts');
      return runCustomer(shell, who, options);
    });
}
