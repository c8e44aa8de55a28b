import { parseConfig } from '../../config/config.ts';
import { createStripe } from '../../stripe/client.ts';
import { calling } from '../../stripe/faults.ts';
import { isMarkedWithKey } from '../portal/configuration.ts';
import { OperatorProblem } from '../problem.ts';
import { modeOf } from '../settings.ts';
import { probeKey } from '../stripe-key.ts';
import {
  hasSecret,
  localSecret,
  storeSecret,
  type Context,
  type StripeContext,
} from './context.ts';
import { lookAtAccount, type Account } from './account.ts';

type Key = Omit<StripeContext, keyof Context> & { changes: number };

const NAME = 'STRIPE_SECRET_KEY';

/**
 * Finds a key that Stripe accepts and makes sure that the Worker has the same one: the following
 * steps use it.
 *
 * @throws OperatorProblem if there is none, if Stripe refuses it, or if it is a live key and
 *   `--live` was not given
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
      `${NAME} is a live key: customers see what setup changes. Set up with a test key first, then add --live.`,
    );
  }
  const apiBase = URL.parse(target.variables['STRIPE_API_BASE'] ?? '') ?? undefined;
  if (apiBase && mode === 'live')
    throw new OperatorProblem('A live key is only ever sent to Stripe. Empty STRIPE_API_BASE.');
  const stripe = createStripe({ secretKey, apiBase });
  const probe = await dialogue.working('Asking Stripe about the key', () =>
    probeKey(stripe, mode === 'live'),
  );
  if (probe.kind === 'refused') {
    const { entry, remedy, code } = probe.fault;
    throw new OperatorProblem(`${entry.title} (${code}). ${remedy ?? entry.detail}`);
  }
  const account = await lookAtAccount(target, stripe, mode);
  const callStripe: Key['callStripe'] = async (call) =>
    calling(mode === 'live', async () => call(stripe));
  const found = { callStripe, mode, account, isSameAccount: account.kind === 'same' } as const;
  if (isStored(context, account, secretKey)) {
    const isSameAccount = account.kind !== 'another';
    return { ...found, isSameAccount, storedKey: undefined, changes: 0 };
  }
  const place = target.place === 'local' ? '.dev.vars' : `the secrets of ${target.workerName}`;
  const change = hasSecret(context, NAME)
    ? `Replace the ${NAME} stored in ${place} with the ${mode} key given here`
    : `Store ${NAME}, a ${mode} key, in ${place}`;
  const isWanted = await dialogue.decide(change);
  if (isWanted) await storeSecret(context, NAME, secretKey);
  return { ...found, storedKey: isWanted ? secretKey : undefined, changes: 1 };
}

/** Cloudflare never shows a secret, so setup marks the key that it stored, at Stripe. */
function isStored(context: Context, account: Account, secretKey: string): boolean {
  if (context.target.place === 'local') return localSecret(context.target, NAME) === secretKey;
  if (!hasSecret(context, NAME) || account.kind !== 'same') return false;
  return isMarkedWithKey(account.configuration, secretKey);
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
