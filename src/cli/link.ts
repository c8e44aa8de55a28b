import * as v from 'valibot';
import { BillingError } from '../errors/billing-error.ts';
import { createLinkKeys } from '../links/keys.ts';
import { mintLink } from '../links/link.ts';
import { LinkRequest, principalOf } from '../links/request.ts';
import { createLinkStore } from '../links/store.ts';
import { allowedReturnUrl } from '../portal/return-url.ts';
import { withDatabase } from './d1/open.ts';
import { missingSecret, signingSettings } from './link-settings.ts';
import { OperatorProblem } from './problem.ts';
import type { Shell } from './shell.ts';
import { readTarget, type Target, type TargetOptions } from './target.ts';

export type LinkOptions = TargetOptions & {
  subject?: string;
  customer?: string;
  flow?: string;
  returnTo?: string;
  email?: string;
  expires?: string;
  origin?: string;
  revoke?: boolean;
  allowMail?: boolean;
  persistTo?: string;
};

const UNITS = { m: 60, h: 3600, d: 86_400 } as const;

/**
 * Prints a signed link, revokes those that were signed before, or allows mails again.
 *
 * @throws OperatorProblem
 */
export async function runLink(shell: Shell, options: LinkOptions): Promise<void> {
  const request = requestIn(options);
  const target = readTarget(shell.directory, shell.environment, options);
  const action = options.revoke ? 'revoke' : 'allowMail';
  const line =
    options.revoke || options.allowMail
      ? await change(action, shell, target, request, options.persistTo)
      : await mint(shell, target, request, options.origin);
  shell.print(`${line}\n`);
}

function requestIn({ subject, customer, flow, email, returnTo, expires }: LinkOptions) {
  const result = v.safeParse(LinkRequest, {
    subject,
    customer,
    flow,
    email,
    return_to: returnTo,
    expires_in: expires === undefined ? undefined : secondsIn(expires),
  });
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => {
    const [name = 'subject'] = v.getDotPath(issue)?.split('.') ?? [];
    return `--${name === 'expires_in' ? 'expires' : name.replace('_', '-')}: ${issue.message}`;
  });
  throw new OperatorProblem(problems.join('\n'));
}

/** 30m, 12h or 7d in seconds. */
function secondsIn(duration: string): number {
  const { count, unit } = /^(?<count>\d{1,6})(?<unit>[mhd])$/.exec(duration)?.groups ?? {};
  if (unit === 'm' || unit === 'h' || unit === 'd') return Number(count) * UNITS[unit];
  throw new OperatorProblem('--expires: write a number with m, h or d, such as 12h or 7d.');
}

async function mint(
  { printError }: Shell,
  target: Target,
  request: LinkRequest,
  givenOrigin: string | undefined,
): Promise<string> {
  const { secrets, origin, allowedOrigins } = signingSettings(target, givenOrigin);
  const { return_to: returnTo, flow, expires_in: seconds } = request;
  if (returnTo !== undefined && !allowedReturnUrl(returnTo, origin, allowedOrigins)) {
    throw new OperatorProblem('--return-to: give a path, or an address on an allowed origin.');
  }
  const [key] = await createLinkKeys(secrets)();
  if (!key) throw new OperatorProblem(missingSecret(target));
  const link = { principal: principalOf(request), flow, returnTo };
  const { token, expiresAt } = await mintLink(link, origin, key, new Date(), seconds);
  printError(`Works until ${new Date(expiresAt * 1000).toISOString()}.\n`);
  return `${origin}/billing/manage?token=${token}`;
}

const CHANGES = {
  revoke: {
    failed: 'The links were not revoked',
    done: (database: string) =>
      `Revoked in the ${database}: links signed until a minute from now do not work. ` +
      'No link is mailed until you allow it again with --allow-mail.',
  },
  allowMail: {
    failed: 'The mails were not allowed',
    done: (database: string) =>
      `Allowed in the ${database}: links can be mailed again, unless you have also revoked them by another name.`,
  },
} as const;

/** Works on the database alone: the Worker compares a link's time of signing with it. */
async function change(
  action: keyof typeof CHANGES,
  shell: Shell,
  target: Target,
  request: LinkRequest,
  folder: string | undefined,
): Promise<string> {
  const { failed, done } = CHANGES[action];
  try {
    await withDatabase(shell, target, folder, async (database) =>
      createLinkStore(database)[action](principalOf(request)),
    );
  } catch (error) {
    if (!(error instanceof OperatorProblem || error instanceof BillingError)) throw error;
    throw new OperatorProblem(`${failed}: ${error.message}`);
  }
  return done(
    target.place === 'remote' ? `database ${target.databaseName} at Cloudflare` : 'local database',
  );
}
