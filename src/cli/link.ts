// `npm run link -- --subject user_42`: prints a signed link. `--revoke` ends those given out.
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import * as v from 'valibot';
import { revocationText } from '../customers/store.ts';
import { createLinkKeys } from '../identity/link-keys.ts';
import { mintLink } from '../identity/link.ts';
import { LinkRequest } from '../link-request.ts';
import { allowedReturnUrl } from '../portal/return-url.ts';
import { linkSettings, secondsIn, UsageError } from './link-settings.ts';

const USAGE = `Sign a link that opens the customer portal, or revoke links:

  npm run link -- --subject user_42 [options]
  npm run link -- --customer cus_123 [options]
  npm run link -- --revoke --subject user_42 [--remote [--env NAME]]

  --subject      whom the site bills, as its session tokens name them
  --customer     a Stripe customer instead
  --flow         what the link opens, such as payment_method_update
  --return-to    where the portal leads back to
  --email        the address to show, masked, and to mail a new link to
  --expires      how long it works: 30m, 12h, 7d (default), 30d at most
  --origin       where the Worker answers; default PUBLIC_ORIGIN
  --revoke       end all links that were signed so far for the subject or the customer
  --remote       revoke in the deployed database, not in the local one
  --persist-to   the folder of the local database, as for wrangler dev
  --env          the environment of wrangler.toml whose database it is
  --help         this text

LINK_SECRET is read from the environment or from .dev.vars. To open a deployed Worker, it must
be the secret that is stored there. Its first key signs.`;

try {
  process.stdout.write(`${await run(process.argv.slice(2))}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof UsageError ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function run(words: string[]): Promise<string> {
  const options = read(words);
  if (options.help) return USAGE;
  return options.revoke ? revoke(options) : mint(options);
}

type Options = ReturnType<typeof read>;

function read(words: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: words,
      options: {
        subject: text,
        customer: text,
        flow: text,
        'return-to': text,
        email: text,
        expires: text,
        origin: text,
        revoke: flag,
        remote: flag,
        'persist-to': text,
        env: text,
        help: flag,
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : ''}\n\n${USAGE}`);
  }
}

async function mint(options: Options): Promise<string> {
  const request = requestIn(options);
  const { secrets, origin, allowedOrigins } = linkSettings(options.origin, options.env);
  const returnTo = request.return_to;
  if (returnTo !== undefined && !allowedReturnUrl(returnTo, origin, allowedOrigins)) {
    throw new UsageError('--return-to: give a path, or an address on an allowed origin.');
  }
  const [key] = await createLinkKeys(secrets)();
  if (!key) throw new UsageError('LINK_SECRET is not set.');
  const { email, flow, expires_in: seconds } = request;
  const link = { holder: holderIn(request), email, flow, returnTo };
  const { token, expiresAt } = await mintLink(link, origin, key, new Date(), seconds);
  process.stderr.write(`Works until ${new Date(expiresAt * 1000).toISOString()}.\n`);
  return `${origin}/billing/manage?token=${token}`;
}

/** The database learns until when links are revoked; the statement holds no text as it is. */
async function revoke(options: Options): Promise<string> {
  const request = requestIn(options);
  const { email, flow, expires, origin, 'return-to': returnTo } = options;
  if ([email, flow, expires, origin, returnTo].some((each) => each !== undefined)) {
    throw new UsageError('--revoke goes with --subject or --customer, --remote and --env only.');
  }
  const statement = revocationText(holderIn(request), new Date());
  const where = [options.remote ? '--remote' : '--local'];
  const folder = options['persist-to'];
  if (folder !== undefined) where.push(`--persist-to=${folder}`);
  if (options.env !== undefined) where.push(`--env=${environmentName(options.env)}`);
  const words = ['d1', 'execute', 'DB', ...where, '--yes', `--command=${statement}`];
  try {
    await promisify(execFile)('wrangler', words, { env: { ...process.env, CI: 'true' } });
  } catch (error) {
    throw new UsageError(`wrangler d1 execute failed.\n${outputOf(error)}`, { cause: error });
  }
  const database = options.remote ? 'deployed' : 'local';
  return `Revoked in the ${database} database: links signed until now no longer work.`;
}

function requestIn(options: Options): LinkRequest {
  const { subject, customer, flow, email, expires } = options;
  const result = v.safeParse(LinkRequest, {
    subject,
    customer,
    flow,
    email,
    return_to: options['return-to'],
    expires_in: expires === undefined ? undefined : secondsIn(expires),
  });
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => {
    const [name = 'subject'] = v.getDotPath(issue)?.split('.') ?? [];
    return `--${name === 'expires_in' ? 'expires' : name.replace('_', '-')}: ${issue.message}`;
  });
  throw new UsageError(`${problems.join('\n')}\n\n${USAGE}`);
}

function holderIn({ subject, customer }: LinkRequest) {
  return subject === undefined ? { customers: [customer ?? []].flat() } : { subject };
}

function environmentName(name: string): string {
  if (/^\w[\w-]*$/.test(name)) return name;
  throw new UsageError('--env: name an environment of wrangler.toml.');
}

function outputOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const told = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  return told || error.message;
}
