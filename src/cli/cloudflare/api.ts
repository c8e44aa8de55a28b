import * as v from 'valibot';
import { createPace } from '../../stripe/pace.ts';
import { OperatorProblem } from '../problem.ts';
import type { Shell } from '../shell.ts';
import { jsonIn } from '../wrangler.ts';

const MILLISECONDS = 30_000;

// 1,200 requests in five minutes, above which Cloudflare refuses all for as long:
// https://developers.cloudflare.com/fundamentals/api/reference/limits/
const PACE = { burst: 100, perSecond: 3.5 };
const MOST_TRIES = 3;
const PATIENCE_SECONDS = { usual: 60, most: 300 };
const DEFAULT_BASE = 'https://api.cloudflare.com/client/v4';

export const SIGN_IN_ADVICE =
  'Sign in with `npx wrangler login`, or set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID.';

/** Cloudflare has understood the request and refused it. */
export class CloudflareRefusal extends OperatorProblem {
  readonly status: number;
  readonly codes: readonly number[];
  constructor(status: number, codes: readonly number[], message: string) {
    super(message);
    this.status = status;
    this.codes = codes;
  }
}

/**
 * Sends a request to Cloudflare's API and returns its `result`. The path is below `/accounts/ID`,
 * or below the API's root if it begins with `/zones`.
 *
 * @throws CloudflareRefusal
 * @throws OperatorProblem if the API cannot be reached, or answers in another form
 */
export type CloudflareApi = <Result>(
  path: string,
  result: v.GenericSchema<unknown, Result>,
  body?: unknown,
) => Promise<Result>;

export type ApiShell = Pick<Shell, 'environment' | 'wrangler' | 'wait'>;

/**
 * Keeps to Cloudflare’s limit of requests.
 *
 * @param configured  `account_id` in the configuration. It comes first, as for wrangler itself: both
 *   must act on the same account
 * @throws OperatorProblem if there are no credentials, or it is unclear for which account
 */
export async function connectToCloudflare(
  shell: ApiShell,
  configured: string | undefined,
): Promise<{ api: CloudflareApi; accountId: string }> {
  const headers = await credentials(shell);
  const accountId =
    configured || shell.environment['CLOUDFLARE_ACCOUNT_ID'] || (await onlyAccount(shell));
  const root = shell.environment['CLOUDFLARE_API_BASE_URL'] ?? DEFAULT_BASE;
  const pace = createPace(PACE, shell.wait);
  const api: CloudflareApi = async (path, result, body) => {
    const address = path.startsWith('/zones') ? path : `/accounts/${accountId}${path}`;
    const request = {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    for (let tries = 1; ; tries += 1) {
      await pace();
      const response = await send(`${root}${address}`, request);
      if (response.status !== 429 || tries === MOST_TRIES) return resultIn(response, result);
      await shell.wait(patienceOf(response) * 1000);
    }
  };
  return { api, accountId };
}

const printedCredentials = v.variant('type', [
  v.object({ type: v.picklist(['oauth', 'api_token']), token: v.string() }),
  v.object({ type: v.literal('api_key'), key: v.string(), email: v.string() }),
]);

async function credentials({ environment, wrangler }: ApiShell): Promise<Record<string, string>> {
  const token = environment['CLOUDFLARE_API_TOKEN'];
  if (token) return { authorization: `Bearer ${token}` };
  const printed = jsonIn(await wrangler(['auth', 'token', '--json']), printedCredentials);
  if (!printed) throw new OperatorProblem(`You are not signed in to Cloudflare. ${SIGN_IN_ADVICE}`);
  if (printed.type !== 'api_key') return { authorization: `Bearer ${printed.token}` };
  return { 'x-auth-key': printed.key, 'x-auth-email': printed.email };
}

const printedUser = v.object({ accounts: v.array(v.object({ id: v.string(), name: v.string() })) });

async function onlyAccount({ wrangler }: ApiShell): Promise<string> {
  const user = jsonIn(await wrangler(['whoami', '--json']), printedUser);
  if (!user) throw new OperatorProblem(`Cloudflare does not list your accounts. ${SIGN_IN_ADVICE}`);
  const [account, ...others] = user.accounts;
  if (account && others.length === 0) return account.id;
  const choice = user.accounts.map(({ id, name }) => `${id} (${name})`).join(', ');
  throw new OperatorProblem(
    `It is unclear which Cloudflare account to use. Set account_id in your Wrangler configuration, or CLOUDFLARE_ACCOUNT_ID, to one of: ${choice}.`,
  );
}

async function send(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...request, signal: AbortSignal.timeout(MILLISECONDS) });
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const reason = cause instanceof Error ? cause.message : 'no connection';
    throw new OperatorProblem(`Cloudflare’s API cannot be reached: ${reason}`);
  }
}

/** How many seconds Cloudflare wants us to wait. */
function patienceOf({ headers }: Response): number {
  const seconds = Number(headers.get('retry-after') ?? PATIENCE_SECONDS.usual);
  return Math.min(seconds >= 0 ? seconds : PATIENCE_SECONDS.usual, PATIENCE_SECONDS.most);
}

const failed = v.object({
  success: v.literal(false),
  errors: v.array(v.object({ code: v.number(), message: v.string() })),
});

async function resultIn<Result>(
  response: Response,
  result: v.GenericSchema<unknown, Result>,
): Promise<Result> {
  const answer: unknown = await response.json().catch(() => null);
  const succeeded = v.safeParse(v.object({ success: v.literal(true), result }), answer);
  if (response.ok && succeeded.success) return succeeded.output.result;
  const refused = v.safeParse(failed, answer);
  if (!refused.success) {
    throw new OperatorProblem(
      `Cloudflare’s API answered ${response.status} in an unknown form. See https://www.cloudflarestatus.com.`,
    );
  }
  const { errors } = refused.output;
  const reasons = errors.map(({ code, message }) => `${message} (${code})`);
  const codes = errors.map(({ code }) => code);
  const advice = response.status === 401 || response.status === 403 ? ` ${TOKEN_ADVICE}` : '';
  throw new CloudflareRefusal(response.status, codes, `${reasons.join('; ')}.${advice}`);
}

const TOKEN_ADVICE = `${SIGN_IN_ADVICE} A token needs Workers Scripts → Edit and D1 → Edit for this account.`;
