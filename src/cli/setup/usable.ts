import { problemsOf } from '../settings.ts';
import { unusableSettings } from '../usable.ts';
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
  if (problems.length > 0) throw unusableSettings(problems, 'Nothing was changed.');
}
