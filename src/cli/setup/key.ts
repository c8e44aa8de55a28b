import type { Stripe } from 'stripe';
import { parseConfig } from '../../config.ts';
import { createStripe } from '../../stripe/client.ts';
import { probeKey } from '../doctor/stripe-key.ts';
import { modeOf } from '../doctor/subject.ts';
import { OperatorProblem } from '../problem.ts';
import { hasSecret, storeSecret, type Context } from './context.ts';

type Key = { stripe: Stripe; mode: 'live' | 'test'; changes: number };

const NAME = 'STRIPE_SECRET_KEY';

/**
 * Finds a key that Stripe accepts, and sees to it that the Worker has one.
 *
 * @throws OperatorProblem when there is none, when Stripe refuses it, or when it is a live key
 *   and nobody said `--live`
 */
export async function settleKey(context: Context, isLiveNamed: boolean): Promise<Key> {
  const { dialogue, target } = context;
  const secretKey = target.variables[NAME] || (await dialogue.askSecret(QUESTION, keyProblem));
  if (!secretKey) throw new OperatorProblem(HOW_TO_GIVE);
  const problem = keyProblem(secretKey);
  if (problem !== undefined) throw new OperatorProblem(`${NAME}: ${problem}`);
  const mode = modeOf(secretKey);
  if (mode === 'live' && !isLiveNamed) {
    throw new OperatorProblem(
      `${NAME} is a live key: what setup changes, customers see. Set up with a test key first; then add --live.`,
    );
  }
  const apiBase = URL.parse(target.variables['STRIPE_API_BASE'] ?? '') ?? undefined;
  if (apiBase && mode === 'live')
    throw new OperatorProblem('A live key is only ever sent to Stripe: empty STRIPE_API_BASE.');
  const stripe = createStripe({ secretKey, apiBase });
  const probe = await dialogue.working('Asking Stripe about the key', () =>
    probeKey(stripe, mode === 'live'),
  );
  if (probe.kind === 'refused') {
    const { entry, details, code } = probe.fault;
    throw new OperatorProblem(`${entry.title} (${code}). ${details.remedy ?? entry.advice}`);
  }
  if (hasSecret(context, NAME)) return { stripe, mode, changes: 0 };
  const place = target.place === 'local' ? '.dev.vars' : `the secrets of ${target.workerName}`;
  if (await dialogue.decide(`Store ${NAME}, a ${mode} key, in ${place}`)) {
    await storeSecret(context, NAME, secretKey);
  }
  return { stripe, mode, changes: 1 };
}

const QUESTION = 'Stripe’s secret or restricted key (sk_test_… or rk_test_…; it is not shown)';

const HOW_TO_GIVE =
  `${NAME} is missing. Copy .dev.vars.example to .dev.vars and fill it in, or give the key to this ` +
  `command alone: ${NAME}=rk_test_… npm run setup. Keys: https://dashboard.stripe.com/test/apikeys`;

function keyProblem(secretKey: string): string | undefined {
  const parsed = parseConfig({ [NAME]: secretKey });
  if (parsed.kind === 'valid') return undefined;
  return parsed.problems.find(({ key }) => key === NAME)?.remedy;
}
