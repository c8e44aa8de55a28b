import { Stripe } from 'stripe';
import type { Portal } from '../../portal/portals.ts';
import { PORTAL_PATH, type Configuration, type Found } from '../portal/configuration.ts';
import { DEFAULT } from '../portal/file.ts';
import { dashboardOf, type Mode } from '../settings.ts';
import { setupCommand } from '../target.ts';
import { combined, type Problem } from './combined.ts';
import type { Finding } from './finding.ts';
import type { Subject } from './subject.ts';

/** A portal of the Worker, and what Stripe has under its id. */
export type Looked = { portal: Portal; found: Found };

/** One that Stripe has. */
export type Read = { portal: Portal; configuration: Configuration };

/** Whether each portal is there and opens, in the mode of the key. */
export async function examineConfigurations(
  subject: Subject,
  looked: readonly Looked[],
  mode: Mode,
  otherMode: Stripe | undefined,
): Promise<Finding> {
  const problems: Problem[] = [];
  for (const each of looked) problems.push(...(await judge(each, subject, mode, otherMode)));
  return combined('portal_configuration', problems, describe(looked, mode));
}

function describe(looked: readonly Looked[], mode: Mode): string {
  const [only] = looked;
  if (looked.length === 1 && only) {
    const { configuration: id } = only.portal;
    return id === undefined ? `The default of ${mode} mode.` : `${id}, in ${mode} mode.`;
  }
  const names = looked.map(({ portal }) => `${portal.name} ${portal.configuration ?? ''}`);
  return `${names.join(', ')}, in ${mode} mode.`;
}

async function judge(
  { portal, found }: Looked,
  { target }: Subject,
  mode: Mode,
  otherMode: Stripe | undefined,
): Promise<Problem[]> {
  const { name, configuration: id } = portal;
  const page = `${dashboardOf(mode)}${PORTAL_PATH}`;
  const about = name === DEFAULT ? '' : `${name}: `;
  const setup = setupCommand(target);
  switch (found.kind) {
    case 'malformed':
      return [
        {
          outcome: 'failure',
          found: 'PORTAL_CONFIGURATION is no id of a configuration.',
          next: 'Set it to a bpc_… id, or leave it empty to use the account’s default.',
        },
      ];
    case 'unreadable':
      return [{ outcome: 'skipped', found: 'The key may not read it.' }];
    case 'missing':
      return [
        {
          outcome: 'failure',
          found: `${about}The account has no ${id} in ${mode} mode.`,
          next: `Run ${setup}, or leave PORTAL_CONFIGURATION and PORTALS empty to use the default.`,
        },
      ];
    case 'never_saved': {
      const elsewhere = otherMode && (await isSaved(otherMode));
      const other = mode === 'live' ? 'test' : 'live';
      return [
        {
          outcome: 'failure',
          found: elsewhere
            ? `The portal’s settings were saved only in ${other} mode.`
            : `The portal’s settings were never saved in ${mode} mode.`,
          next: `Run ${setup}, or open ${page} and save them once.`,
        },
      ];
    }
    case 'found':
      if (found.configuration.active) return [];
      return [
        {
          outcome: 'failure',
          found: `${about}${found.configuration.id} is not active.`,
          next: `Run ${setup}, or activate it at ${page}.`,
        },
      ];
    default:
      return found satisfies never;
  }
}

/** Of the other mode we can only tell what its key lets us see. */
async function isSaved(stripe: Stripe): Promise<boolean> {
  try {
    const saved = { is_default: true, active: true, limit: 1 };
    return (await stripe.billingPortal.configurations.list(saved)).data.length > 0;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return false;
    throw error;
  }
}
