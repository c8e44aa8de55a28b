import type { Config } from '../config/config.ts';
import { createStripe } from '../stripe/client.ts';
import { failureMessage } from './failure.ts';
import { OperatorProblem } from './problem.ts';
import { configOf, problemsOf } from './settings.ts';
import { givenKey, KEY_NAME } from './setup/given-key.ts';
import type { Shell } from './shell.ts';
import { probeKey } from './stripe-key.ts';
import type { Target } from './target.ts';
import { secretsFileOf } from './variables.ts';

const NAMES = new Set([KEY_NAME, 'STRIPE_API_BASE', 'CUSTOMER_METADATA_KEY', 'LINK_BY_EMAIL']);
const isOurs = (name: string) => NAMES.has(name);

/**
 * What a command needs that reads customers at Stripe as the Worker does, with a key that Stripe
 * accepts.
 *
 * @throws OperatorProblem that says how to give the key, or what is wrong with it
 */
export async function readStripeConfig(
  shell: Shell,
  target: Target,
  isOnInput: boolean,
): Promise<Config> {
  const secretKey = await givenKey(shell, target, isOnInput);
  if (!secretKey) {
    throw new OperatorProblem(
      `${KEY_NAME} is missing. Put it into ${secretsFileOf(target)} or the environment, or pipe it in with --key-stdin.`,
    );
  }
  const subject = {
    target: { ...target, variables: { ...target.variables, [KEY_NAME]: secretKey } },
    stored: new Set<string>(),
  };
  const [problem] = problemsOf(subject, isOurs);
  const config = configOf(subject, isOurs);
  if (problem || !config) throw new OperatorProblem(`${problem?.key}: ${problem?.remedy}`);
  const probe = await probeKey(createStripe(config.stripe), config.livemode);
  if (probe.kind === 'accepted') return config;
  throw new OperatorProblem(failureMessage(probe.fault));
}
