// The operator's commands: `npm run doctor`, `setup`, `deploy` and `link`.
import { Command, Option } from 'commander';
import { deploy } from './deploy.ts';
import { runDoctor, type DoctorOptions } from './doctor/run.ts';
import { runLink, type LinkOptions } from './link.ts';
import { setUpWorker, type SetupOptions } from './setup/index.ts';
import { readTarget, type TargetOptions } from './target.ts';
import { tell } from './tell.ts';

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

const REVOKED_ALIKE = ['flow', 'returnTo', 'email', 'expires', 'origin'];

command('link', 'Sign a link that opens the customer portal, or revoke those given out.')
  .option('--subject <id>', 'whom the site bills, as its session tokens name them')
  .option('--customer <id>', 'a Stripe customer (cus_…) instead')
  .option('--flow <name>', 'what the link opens, such as payment_method_update')
  .option('--return-to <address>', 'where the portal leads back to')
  .option('--email <address>', 'the address to show, masked, and to mail a new link to')
  .option('--expires <duration>', 'how long it works: 30m, 12h, 7d (default), 30d at most')
  .option('--origin <origin>', 'where the Worker answers; default PUBLIC_ORIGIN')
  .addOption(
    new Option(
      '--revoke',
      'end all links that were signed so far for the subject or the customer',
    ).conflicts(REVOKED_ALIKE),
  )
  .addOption(
    new Option(
      '--persist-to <folder>',
      'where the local database is, as for wrangler dev',
    ).conflicts(['env', 'remote']),
  )
  .addHelpText(
    'after',
    `
LINK_SECRET is read from the environment, or else from .dev.vars (.dev.vars.<name> with --env).
It must be the one that the Worker has. Its first key signs.`,
  )
  .action(async (options: LinkOptions) => runLink(directory, options));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = tell(error);
}
