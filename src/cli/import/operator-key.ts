import { Stripe } from 'stripe';
import type { Config } from '../../config/config.ts';
import { createStripe } from '../../stripe/client.ts';
import { isCustomerGone, toBillingError } from '../../stripe/faults.ts';
import type { Dialogue } from '../dialogue.ts';
import { OperatorProblem } from '../problem.ts';
import { dashboardOf, modeOf } from '../settings.ts';
import { keyProblem } from '../setup/given-key.ts';
import { findStripeAccount } from '../setup/stripe-account.ts';
import type { Shell } from '../shell.ts';

const NAME = 'STRIPE_OPERATOR_KEY';
const QUESTION = 'A key of yours that may write customers (rk_…; it is not shown, and not kept)';

export type Writer = {
  stripe: Stripe;
  /** How many requests were made since it was asked last. */
  requests: () => number;
};

/**
 * A client with a key of the operator's, which may write customers. The Worker's own key need not,
 * and is never tried. Nothing keeps the operator's.
 *
 * @param account  the one that the Worker's key is of, as far as that is known
 * @throws OperatorProblem that says how to give the key, or what is wrong with it
 */
export async function openWithOperatorKey(
  { environment }: Pick<Shell, 'environment'>,
  dialogue: Dialogue,
  config: Config,
  account: string | undefined,
): Promise<Writer> {
  const given = environment[NAME]?.trim();
  const secretKey = given || (await dialogue.askSecret(QUESTION, keyProblem));
  const mode = modeOf(config.stripe.secretKey);
  const where = `${dashboardOf(mode)}/apikeys`;
  if (!secretKey) {
    throw new OperatorProblem(
      `--write-metadata needs a key of yours in ${NAME}: a restricted one with Customers → Write, from ${where}. The Worker’s key is not used for it.`,
    );
  }
  const problem = keyProblem(secretKey);
  if (problem !== undefined) throw new OperatorProblem(`${NAME}: ${problem}`);
  if (modeOf(secretKey) !== mode) {
    throw new OperatorProblem(`${NAME} is not of ${mode} mode, as the Worker’s key is.`);
  }
  let made = 0;
  const stripe = createStripe(
    { ...config.stripe, secretKey },
    { onRequest: () => void (made += 1) },
  );
  const { id } = await findStripeAccount(stripe, mode);
  if (id !== undefined && account !== undefined && id !== account) {
    throw new OperatorProblem(`${NAME} is of ${id}, and the Worker’s key of ${account}.`);
  }
  await tryToWrite(stripe, config.livemode, where);
  const requests = () => {
    const before = made;
    made = 0;
    return before;
  };
  return { stripe, requests };
}

/** Stripe checks the permission before it finds that there is no such customer. */
async function tryToWrite(stripe: Stripe, livemode: boolean, where: string): Promise<void> {
  try {
    await stripe.customers.update('cus_import0tries0the0right', {});
  } catch (error) {
    if (isCustomerGone(error)) return;
    if (!(error instanceof Stripe.errors.StripePermissionError)) {
      throw toBillingError(error, livemode);
    }
    throw new OperatorProblem(
      `${NAME} may not write customers. Add Customers → Write at ${where}.`,
    );
  }
}
