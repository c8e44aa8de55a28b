import { createStripe } from '../../stripe/client.ts';
import { calling } from '../../stripe/faults.ts';
import { failureMessage } from '../failure.ts';
import { isMarkedWithKey } from '../portal/marks.ts';
import { OperatorProblem } from '../problem.ts';
import { dashboardOf, modeOf, type Mode } from '../settings.ts';
import { lackingOf, OPTIONAL_TRIALS, probeKey } from '../stripe-key.ts';
import { lookAtAccount, type Account } from './account.ts';
import {
  hasSecret,
  localSecret,
  secretsPlace,
  storeSecret,
  type Context,
  type Key,
  type StripeContext,
  type Surroundings,
} from './context.ts';
import { givenKey, howToGive, KEY_NAME, KEY_QUESTION, keyProblem } from './given-key.ts';

type Options = { live?: boolean; keyStdin?: boolean };

/**
 * Finds a key that Stripe accepts, and changes nothing.
 *
 * @throws OperatorProblem if there is none, if Stripe refuses it, or if it is of another mode than
 *   the options name
 */
export async function findKey(context: Surroundings, { live, keyStdin }: Options): Promise<Key> {
  const { dialogue, target, shell } = context;
  const secretKey =
    (await givenKey(shell, target, keyStdin ?? false)) ||
    (await dialogue.askSecret(KEY_QUESTION, keyProblem));
  if (!secretKey) throw new OperatorProblem(howToGive(target));
  const problem = keyProblem(secretKey);
  if (problem !== undefined) throw new OperatorProblem(`${KEY_NAME}: ${problem}`);
  const mode = modeOf(secretKey);
  checkMode(mode, live ?? false);
  const apiBase = URL.parse(target.variables['STRIPE_API_BASE'] ?? '') ?? undefined;
  if (apiBase && mode === 'live')
    throw new OperatorProblem('A live key is only ever sent to Stripe. Empty STRIPE_API_BASE.');
  const stripe = createStripe({ secretKey, apiBase });
  const probe = await dialogue.working('Asking Stripe about the key', () =>
    probeKey(stripe, mode === 'live'),
  );
  if (probe.kind === 'refused') {
    throw new OperatorProblem(failureMessage(probe.fault));
  }
  const account = await lookAtAccount(target, stripe, mode);
  const isStored = isStoredKey(context, account, secretKey);
  return {
    secretKey,
    mode,
    account,
    callStripe: async (call) => calling(mode === 'live', async () => call(stripe)),
    isStored,
    isSameAccount: account.kind === 'same' || (isStored && account.kind === 'unknown'),
  };
}

function checkMode(mode: Mode, isLiveNamed: boolean): void {
  if (mode === 'live' && !isLiveNamed) {
    throw new OperatorProblem(
      `${KEY_NAME} is a live key: customers see what setup changes. Set up with a test key first, then add --live.`,
    );
  }
  if (mode === 'test' && isLiveNamed) {
    throw new OperatorProblem(`${KEY_NAME} is a test key. Give a live key, or leave --live out.`);
  }
}

/** Cloudflare never shows a secret, so setup marks the key that it stored, at Stripe. */
function isStoredKey(context: Surroundings, account: Account, secretKey: string): boolean {
  if (context.target.place === 'local') return localSecret(context.target, KEY_NAME) === secretKey;
  if (!hasSecret(context, KEY_NAME) || account.kind !== 'same') return false;
  return isMarkedWithKey(account.configuration, secretKey);
}

/** Says what visitors miss because the key lacks a permission that the Worker does without. */
export async function mentionRights({ dialogue, callStripe, mode }: StripeContext): Promise<void> {
  const lacking = await callStripe(async (stripe) => lackingOf(stripe, OPTIONAL_TRIALS));
  for (const { permission, without } of lacking) {
    dialogue.say(`The key lacks ${permission}. ${without}`);
  }
  if (lacking.length > 0) dialogue.say(`Add it at ${dashboardOf(mode)}/apikeys.`);
}

/** Makes sure that the Worker has the key. Returns the number of changes. */
export async function settleKey(context: Context, key: Key): Promise<0 | 1> {
  if (key.isStored) return 0;
  const place = secretsPlace(context.target);
  const change = hasSecret(context, KEY_NAME)
    ? `Replace the ${KEY_NAME} stored in ${place} with the ${key.mode} key given here`
    : `Store ${KEY_NAME}, a ${key.mode} key, in ${place}`;
  if (await context.dialogue.decide(change)) await storeSecret(context, KEY_NAME, key.secretKey);
  return 1;
}
