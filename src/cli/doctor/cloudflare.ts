import * as v from 'valibot';
import { type Target, wranglerTarget } from '../target.ts';
import { complaint, listIn, type Wrangler } from '../wrangler.ts';
import { failure, ok, skipped, type Finding } from './finding.ts';

/** The Worker at Cloudflare, as far as it can be seen from here. */
export type Deployed =
  | { kind: 'seen'; secrets: ReadonlySet<string> }
  | { kind: 'absent' }
  | { kind: 'unseen'; reason: string };

/** Looks for the Worker, and for the names of its secrets. */
export async function lookAtWorker(target: Target, wrangler: Wrangler): Promise<Deployed> {
  const result = await wrangler(['secret', 'list', '--format', 'json', ...wranglerTarget(target)]);
  if (result.status === 0) {
    const listed = listIn(result, v.object({ name: v.string() }));
    if (listed) return { kind: 'seen', secrets: new Set(listed.map(({ name }) => name)) };
  }
  const output = result.stderr + result.stdout;
  if (/10007|does not exist|not found/i.test(output)) return { kind: 'absent' };
  return { kind: 'unseen', reason: complaint(result) };
}

export function examineCloudflare(target: Target, deployed: Deployed): Finding[] {
  switch (deployed.kind) {
    case 'seen':
      return [
        ok('cloudflare', `The Worker ${target.workerName} is there.`),
        examineSecrets(target, deployed.secrets),
      ];
    case 'absent':
      return [
        failure(
          'cloudflare',
          `There is no Worker called ${target.workerName}.`,
          `Run ${setupFor(target)}.`,
        ),
        skipped('secrets', 'There is no Worker to store them for.'),
      ];
    case 'unseen':
      return [
        failure(
          'cloudflare',
          `wrangler cannot look: ${deployed.reason}`,
          'Sign in by `npx wrangler login`, or give CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID.',
        ),
        skipped('secrets', 'Cloudflare could not be asked.'),
      ];
    default:
      return deployed satisfies never;
  }
}

function examineSecrets(target: Target, secrets: ReadonlySet<string>): Finding {
  const missing = target.requiredSecrets.filter((name) => !secrets.has(name));
  if (missing.length === 0) return ok('secrets', [...secrets].join(', '));
  return failure('secrets', `${missing.join(' and ')} is not stored.`, `Run ${setupFor(target)}.`);
}

/** How to set up this very Worker. */
export function setupFor({ environment, place }: Target): string {
  if (environment !== undefined) return `\`npm run setup -- --env ${environment}\``;
  return place === 'remote' ? '`npm run setup -- --remote`' : '`npm run setup`';
}
