import { Command, Option } from 'commander';
import { isPackage, RUN, SOURCE } from '../commands.ts';
import { addCustomer } from './customer/command.ts';
import { addDeploy } from './deploy-command.ts';
import type { DoctorOptions } from './doctor/run.ts';
import { reportFailure } from './failure.ts';
import { addFill } from './fill/command.ts';
import { addInit } from './init/command.ts';
import { requireWrangler } from './installed-wrangler.ts';
import { addLink } from './link-command.ts';
import { ENVIRONMENT, KEY_STDIN, REMOTE } from './options.ts';
import type { SetupOptions } from './setup/options.ts';
import type { Shell } from './shell.ts';
import { refuseExcess, refuseSwallowed } from './swallowed.ts';
import { VERSION } from '../version.ts';

/**
 * Runs one of the operator's commands. Returns the exit status.
 *
 * A command loads what it needs when it runs: Wrangler alone takes more than a second.
 */
export async function main(args: readonly string[], shell: Shell): Promise<number> {
  let status = 0;
  const program = new Command(RUN)
    .description('The operator’s commands of portal-link.')
    .version(`portal-link ${VERSION}`, '--version', `print the version of this ${SOURCE}`)
    .configureOutput({ writeOut: shell.print, writeErr: shell.printError })
    .exitOverride()
    // Refused below, with what was meant.
    .allowExcessArguments()
    .hook('preAction', (_, command) => {
      refuseSwallowed(command, shell.environment);
      refuseExcess(command);
      if (isPackage && command.name() !== 'init') requireWrangler();
    });
  if (isPackage) addInit(program, shell);
  addDoctor(program, shell, (found) => (status = found));
  addSetup(program, shell);
  addDeploy(program, shell);
  addLink(program, shell);
  addFill(program, shell);
  addCustomer(program, shell, (found) => (status = found));
  try {
    await program.parseAsync(withoutSeparator(args), { from: 'user' });
    return status;
  } catch (error) {
    return reportFailure(error, shell);
  }
}

/** pnpm hands on the -- that npm takes away. */
const withoutSeparator = (args: readonly string[]) =>
  args[1] === '--' ? args.toSpliced(1, 1) : [...args];

function addDoctor(program: Command, shell: Shell, onStatus: (status: number) => void): void {
  program
    .command('doctor')
    .description(
      'Examine everything that the link depends on. Exits with 1 on warnings, 2 on failures, 3 if what answers at --url fails.',
    )
    .addOption(REMOTE)
    .addOption(ENVIRONMENT)
    .option('--url <address>', 'the address of the deployed Worker, to examine its answers')
    .addOption(
      new Option(
        '--static',
        'examine the Wrangler configuration and portal.toml alone: without keys and without a request',
      ).conflicts(['url', 'customer', 'open']),
    )
    .option('--customer <id>', 'make a real session for this customer (cus_…) and print it')
    .option('--open', 'open that session in the browser instead')
    .option('--json', 'print a report for programs')
    .addOption(
      new Option(
        '--cookie',
        'read a Cookie header without showing it, and say who it names, or why nobody',
      ).conflicts(['url', 'customer', 'open', 'json']),
    )
    .action(async ({ cookie, ...options }: DoctorOptions & { cookie?: boolean }) => {
      if (cookie) {
        const { runCookie } = await import('./doctor/cookie/command.ts');
        return onStatus(await runCookie(shell, options));
      }
      const { runDoctor } = await import('./doctor/run.ts');
      return onStatus(await runDoctor(shell, options));
    });
}

function addSetup(program: Command, shell: Shell): void {
  program
    .command('setup')
    .description('Make what is missing, asking before each change. It can be run again.')
    .addOption(REMOTE)
    .addOption(ENVIRONMENT)
    .option('--url <address>', 'the address at which the Worker is, or will be, deployed')
    .option('--yes', 'make all changes without asking')
    .option('--dry-run', 'list the changes and make none')
    .option('--live', 'allow a live key')
    .option('--links-only', 'people come by signed links alone: nobody signs in')
    .addOption(KEY_STDIN)
    .option(
      '--replace-webhook <id>',
      'replace this endpoint (we_…), whose secret setup cannot account for',
    )
    .addHelpText(
      'after',
      `
In a terminal, setup asks for the Stripe key without showing it. Elsewhere: --key-stdin, or the
variable STRIPE_SECRET_KEY. With --env, setup adds env.NAME to the
Wrangler configuration if it is missing.`,
    )
    .action(async (options: SetupOptions) => {
      const { runSetup } = await import('./setup/index.ts');
      return runSetup(shell, options);
    });
}
