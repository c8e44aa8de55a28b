import type { WrittenPortal } from '../../src/config/portals-setting.ts';
import { FEATURES, UPDATES } from '../../src/portal/portals.ts';
import type { State } from './state.ts';

/** PORTALS as setup writes it, for an account with nothing but its default portal. */
export function portalsOf({ configurations }: Pick<State, 'configurations'>): string {
  const portal = [...configurations.values()].find((each) => each.is_default && !each.livemode);
  if (!portal) throw new Error('The account has a default portal.');
  const { id, features } = portal;
  const allowed: string[] = features.subscription_update.default_allowed_updates;
  const written: WrittenPortal = {
    name: 'default',
    id,
    features: FEATURES.filter((feature) => features[feature].enabled),
    updates: UPDATES.filter((update) => allowed.includes(update)),
  };
  return JSON.stringify([written]);
}
