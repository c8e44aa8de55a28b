import { findConfiguration, type Configuration } from '../portal/configuration.ts';
import { portalMarkedIn } from '../portal/marks.ts';
import { inOrder, writtenPortals } from '../portal/written.ts';
import { settingsPlace, type StripeContext } from './context.ts';

/** Whether setup has made the configuration for this Worker. Others are the operator's own. */
export const isOwn = (configuration: Configuration, { target }: StripeContext): boolean =>
  portalMarkedIn(configuration, target.workerName) !== undefined;

/** The operator's own configuration in PORTAL_CONFIGURATION. */
export function foreignConfiguration(context: StripeContext): Configuration | undefined {
  const { target, account } = context;
  if (!target.variables['PORTAL_CONFIGURATION'] || account.kind !== 'same') return undefined;
  return isOwn(account.configuration, context) ? undefined : account.configuration;
}

/** The operator's own configurations in PORTALS, by the names of their portals. */
export async function foreignPortals(context: StripeContext): Promise<Map<string, Configuration>> {
  const { target, account, mode, callStripe } = context;
  const foreign = new Map<string, Configuration>();
  const written = writtenPortals(target.variables);
  if (!written || account.kind === 'another') return foreign;
  for (const { name, configuration: id } of inOrder(written)) {
    const found = await callStripe((stripe) => findConfiguration(stripe, id, mode === 'live'));
    if (found.kind !== 'found' || isOwn(found.configuration, context)) continue;
    foreign.set(name, found.configuration);
  }
  return foreign;
}

/** Says what it means that everybody gets the configuration in PORTAL_CONFIGURATION. */
export function mentionForeign(context: StripeContext, { id }: Configuration): void {
  const { portalFile, target, dialogue } = context;
  const place = settingsPlace(target);
  if (target.variables['PORTALS']) {
    dialogue.say(
      `PORTALS and PORTAL_CONFIGURATION are both set in ${place}, and the Worker refuses that. Empty PORTAL_CONFIGURATION to use the portals of portal.toml, or PORTALS to give everybody ${id}.`,
    );
    return;
  }
  const names = (portalFile?.named ?? []).map(({ name }) => name);
  const nobody = names.length > 0 ? `, and nobody ${names.join(', ')}` : '';
  dialogue.say(
    `PORTAL_CONFIGURATION names ${id}, which setup has not made for this Worker: it stays as it is. Everybody gets it${nobody}. Empty PORTAL_CONFIGURATION in ${place} to use portal.toml.`,
  );
}
