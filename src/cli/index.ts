// The operator's commands: `npm run doctor`, `npm run setup` and `npm run deploy`.
import { Command, CommanderError } from 'commander';
import { BillingError } from '../errors.ts';
import { deploy } from './deploy.ts';
import { runDoctor, type DoctorOptions } from './doctor/run.ts';
import { Cancelled, OperatorProblem } from './problem.ts';
import { setUpWorker, type SetupOptions } from './setup/index.ts';
import { readTarget, type TargetOptions } from './target.ts';

const CANCELLED_STATUS = 130;
const directory = process.cwd();

const program = new Command('npm run')
  .description('Commands of portal-link for whoever runs it.')
  .exitOverride();

/** Without these it is `wrangler dev` on this machine that a command is about. */
const command = (name: string, description: string) =>
  program
    .command(name)
    .exitOverride()
    .description(description)
    .option('--env <name>', 'the Worker of this environment of wrangler.toml, at Cloudflare')
    .option('--remote', 'the Worker without an environment, at Cloudflare');

command(
  'doctor',
  'Examine everything that the link depends on. Exits with 1 on warnings, 2 on failures.',
)
  .option('--url <address>', 'where the Worker is deployed; looks at it, too')
  .option('--customer <id>', 'make a real session for this customer (cus_…) and print it')
  .option('--open', 'open that session in the browser instead')
  .option('--json', 'print a report for programs')
  .action(async (options: DoctorOptions) => {
    process.exitCode = await runDoctor(directory, options);
  });

command('setup', 'Do what is missing, asking first. Run it as often as you like.')
  .option('--url <address>', 'where the Worker is, or will be, deployed')
  .option('--yes', 'make all changes without asking')
  .option('--dry-run', 'show the changes and make none')
  .option('--live', 'allow a live key')
  .action(async (options: SetupOptions) => setUpWorker(directory, options));

command('deploy', 'Create D1 if there is none, apply its migrations, deploy the Worker.')
  .argument('[arguments...]', 'further arguments for `wrangler deploy`')
  .allowUnknownOption()
  .action(async (rest: string[], options: TargetOptions) =>
    deploy(readTarget(directory, { ...options, remote: true }), rest),
  );

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = tell(error);
}

/** One clear message; the stack is for whoever asks for it. */
function tell(error: unknown): number {
  if (error instanceof Cancelled) {
    process.stderr.write('Stopped. What was done is complete; run it again to go on.\n');
    return CANCELLED_STATUS;
  }
  // Commander has said what is wrong with the arguments, or shown its help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  process.stderr.write(`✗ ${messageOf(error)}\n`);
  if (process.env['DEBUG']) process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`);
  return 2;
}

function messageOf(error: unknown): string {
  if (error instanceof OperatorProblem) return error.message;
  if (error instanceof BillingError) {
    return `${error.entry.title} (${error.code}). ${error.details.remedy ?? error.entry.advice}`;
  }
  return 'Something went wrong that nobody foresaw. Run it again with DEBUG=1 and report what it shows.';
}
