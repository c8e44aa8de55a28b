import type { Stripe } from 'stripe';
import { findConfiguration, type Configuration } from '../portal/configuration.ts';
import { writtenPortals } from '../portal/written.ts';
import { OperatorProblem } from '../problem.ts';
import type { Mode } from '../settings.ts';
import type { Target } from '../target.ts';

/**
 * Whether the Worker was set up with this key's account and mode. Its default portal shows it: that
 * exists in one account and mode, and setup writes it after the key and the webhook's secret.
 */
export type Account =
  | { kind: 'same'; configuration: Configuration }
  | { kind: 'another' }
  | { kind: 'unknown' };

/** @throws OperatorProblem if the key may not read it */
export async function lookAtAccount(
  { variables }: Target,
  stripe: Stripe,
  mode: Mode,
): Promise<Account> {
  const id = variables['PORTAL_CONFIGURATION'] || writtenPortals(variables)?.fallback.configuration;
  if (id === undefined) return { kind: 'unknown' };
  const found = await findConfiguration(stripe, id, mode === 'live');
  if (found.kind === 'unreadable') {
    throw new OperatorProblem(
      'The key may not read portal configurations: give it write for Customer portal.',
    );
  }
  if (found.kind === 'found') return { kind: 'same', configuration: found.configuration };
  return { kind: found.kind === 'missing' ? 'another' : 'unknown' };
}
