import { connectToCloudflare, SIGN_IN_ADVICE } from '../cloudflare/api.ts';
import {
  findAccountName,
  findSubdomain,
  findWorker,
  type Deployed,
} from '../cloudflare/workers.ts';
import { findZone, type Zone } from '../cloudflare/zones.ts';
import { hasDatabase } from '../d1/create.ts';
import { OperatorProblem } from '../problem.ts';
import type { Shell } from '../shell.ts';
import type { Target } from '../target.ts';

/** Where a deployed Worker is, or will be. */
export type CloudflareAccount = {
  id: string;
  name: string | undefined;
  /** The account's part of workers.dev. */
  subdomain: string | undefined;
  deployed: Exclude<Deployed, { kind: 'unseen' }>;
  hasDatabase: boolean;
  /** The zone of this account that a host is in. */
  zoneOf: (host: string) => Promise<Zone>;
};

/** @throws OperatorProblem if Cloudflare cannot be asked */
export async function lookAtCloudflare(shell: Shell, target: Target): Promise<CloudflareAccount> {
  try {
    const { api, accountId: id } = await connectToCloudflare(shell, target.accountId);
    const deployed = await findWorker(api, target.workerName);
    // wrangler must not choose another account than the one that is shown.
    shell.environment['CLOUDFLARE_ACCOUNT_ID'] = id;
    const [name, subdomain] = await Promise.all([findAccountName(api), findSubdomain(api)]);
    const zoneOf = async (host: string) => findZone(api, id, host);
    return { id, name, subdomain, deployed, hasDatabase: await hasDatabase(shell, target), zoneOf };
  } catch (error) {
    if (!(error instanceof OperatorProblem)) throw error;
    const advice = error.message.includes(SIGN_IN_ADVICE) ? '' : ` ${SIGN_IN_ADVICE}`;
    throw new OperatorProblem(`Cloudflare cannot be asked: ${error.message}${advice}`);
  }
}
