import { Option, type Command } from 'commander';
import type { LinkOptions } from './link.ts';
import { ENVIRONMENT, PERSIST_TO, REMOTE } from './options.ts';
import type { Shell } from './shell.ts';

const REVOKED_ALIKE = ['flow', 'returnTo', 'email', 'expires', 'origin'];

/** Adds the command `link`. */
export function addLink(program: Command, shell: Shell): void {
  program
    .command('link')
    .description('Sign a link that opens the customer portal, or revoke the links signed so far.')
    .addOption(REMOTE)
    .addOption(ENVIRONMENT)
    .option('--subject <id>', 'the customer, as your session tokens name them')
    .option('--customer <id>', 'a Stripe customer (cus_…) instead')
    .option('--flow <name>', 'what the link opens, such as payment_method_update or pay')
    .option('--return-to <address>', 'where the portal leads back to')
    .option('--email <address>', 'shown masked, and used to mail a new link')
    .option('--expires <duration>', 'how long the link works: 30m, 12h, 7d (default), at most 30d')
    .option('--origin <origin>', 'the Worker’s origin; by default PUBLIC_ORIGIN')
    .addOption(
      new Option(
        '--revoke',
        'revoke all links signed so far for this subject or customer, and stop mails to it',
      ).conflicts(REVOKED_ALIKE),
    )
    .addOption(
      new Option('--allow-mail', 'allow mails again that --revoke has stopped').conflicts([
        'revoke',
        ...REVOKED_ALIKE,
      ]),
    )
    .addOption(PERSIST_TO)
    .addHelpText(
      'after',
      `
LINK_SECRET is read from the environment, or from .dev.vars (.dev.vars.production with --remote,
.dev.vars.NAME with --env). Use the secret of the Worker. Its first key signs.`,
    )
    .action(async (options: LinkOptions) => {
      const { runLink } = await import('./link.ts');
      return runLink(shell, options);
    });
}
