import { setupCommand, type Target } from '../target.ts';
import type { Deployed } from '../cloudflare/workers.ts';
import { failure, ok, skipped, type Finding } from './finding.ts';

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
          `Run ${setupCommand(target)}.`,
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
  // Sessions are sealed with it.
  const sealing = target.variables['AUTH_CLIENT_ID'] ? ['LINK_SECRET'] : [];
  const needed = new Set([...target.requiredSecrets, ...sealing]);
  const missing = [...needed].filter((name) => !secrets.has(name));
  if (missing.length === 0) return ok('secrets', [...secrets].join(', '));
  return failure(
    'secrets',
    `${missing.join(' and ')} is not stored.`,
    `Run ${setupCommand(target)}.`,
  );
}
