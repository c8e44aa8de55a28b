import { NO_WEBHOOK } from '../../config/config.ts';
import { problemsOf } from '../settings.ts';
import { setupCommand } from '../target.ts';
import { failure, ok, warning, type Finding } from './finding.ts';
import type { Subject } from './subject.ts';

const EXAMPLES = /^whsec_(?:\.\.\.|…|x+|test|secret|your\w*)?$/i;

/** Examined without Stripe, which shows a secret only once. */
export function examineWebhookSecret(subject: Subject): Finding {
  const secret = subject.target.variables['STRIPE_WEBHOOK_SECRET'] ?? '';
  const next =
    subject.target.place === 'local'
      ? 'Copy it from `stripe listen`, which forwards events to this machine.'
      : `Run ${setupCommand(subject.target)}, or copy it from the endpoint’s page in the dashboard.`;
  if (secret === '' && subject.stored.has('STRIPE_WEBHOOK_SECRET')) {
    return ok('webhook_secret', 'It is stored at Cloudflare, which never shows it.');
  }
  if (secret === '') return failure('webhook_secret', 'There is none.', next);
  if (secret === NO_WEBHOOK) {
    return warning('webhook_secret', 'It says that there is no endpoint yet.', next);
  }
  const [problem] = problemsOf(subject, (key) => key === 'STRIPE_WEBHOOK_SECRET');
  if (problem) return failure('webhook_secret', 'STRIPE_WEBHOOK_SECRET cannot be used.', next);
  const doubtful = secret
    .split(',')
    .filter((each) => EXAMPLES.test(each.trim()) || each.trim().length < 20);
  if (doubtful.length > 0)
    return failure('webhook_secret', 'It is too short to be one of Stripe’s.', next);
  return ok(
    'webhook_secret',
    secret.includes(',') ? 'Several, as while rotating.' : 'One, in the shape of Stripe’s.',
  );
}
