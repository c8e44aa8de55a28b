import type { ConfigProblem } from '../../errors/billing-error.ts';
import { OperatorProblem } from '../problem.ts';
import { problemsOf } from '../settings.ts';
import type { Target } from '../target.ts';
import type { StripeContext } from './context.ts';
import { KEY_NAME } from './given-key.ts';
import { WEBHOOK_SECRET, type WebhookPlan } from './webhook-plan.ts';

/**
 * Reads all settings as the deployed Worker will, with what the steps ahead will store.
 *
 * @throws OperatorProblem if the Worker would refuse one of them, and with it every request
 */
export function refuseUnusable(
  { target, deployed, secretKey, url }: StripeContext,
  webhook: WebhookPlan,
): void {
  // A Worker on this machine can be set up in parts.
  if (target.place === 'local') return;
  const stored = new Set(deployed?.kind === 'seen' ? deployed.secrets : []);
  if (webhook.kind !== 'unknown_address') stored.add(WEBHOOK_SECRET);
  if (target.variables['AUTH_CLIENT_ID']) stored.add('LINK_SECRET');
  const origin = target.variables['PUBLIC_ORIGIN'] || (url?.origin ?? '');
  const variables = { ...target.variables, [KEY_NAME]: secretKey, PUBLIC_ORIGIN: origin };
  const problems = problemsOf({ target: { variables }, stored }, () => true);
  if (problems.length > 0) throw refusal(problems, 'Nothing was changed.');
}

/**
 * Reads the settings once more, as they are after the steps.
 *
 * @param target  read again
 * @param secrets  names of the secrets that the Worker has by now
 * @throws OperatorProblem if the deployed Worker would answer nobody
 */
export function refuseToDeploy(target: Target, secrets: ReadonlySet<string>): void {
  const problems = problemsOf({ target, stored: secrets }, () => true);
  if (problems.length > 0) throw refusal(problems, 'Nothing was deployed.');
}

function refusal(problems: readonly ConfigProblem[], end: string): OperatorProblem {
  const lines = problems.map(({ key, remedy }) => `  ${key}: ${remedy}`);
  return new OperatorProblem(
    `With these settings, the Worker would answer nobody:\n${lines.join('\n')}\n${end}`,
  );
}
