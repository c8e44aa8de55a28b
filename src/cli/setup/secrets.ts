import { SECRET_NAMES } from '../variables.ts';
import { hasSecret, storeSecret, type Context } from './context.ts';

// Other steps store these.
const STRIPE = new Set(['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET']);

/** Stores the other given secrets that the Worker lacks. Returns the number of changes. */
export async function settleSecrets(context: Context): Promise<number> {
  const { target, dialogue } = context;
  const lacking = SECRET_NAMES.filter(
    (name) => !STRIPE.has(name) && target.variables[name] && !hasSecret(context, name),
  );
  const place = target.place === 'local' ? '.dev.vars' : `the secrets of ${target.workerName}`;
  for (const name of lacking) {
    if (!(await dialogue.decide(`Store ${name} in ${place}`))) continue;
    await storeSecret(context, name, target.variables[name] ?? '');
  }
  return lacking.length;
}
