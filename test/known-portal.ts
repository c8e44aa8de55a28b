import type { WrittenPortal } from '../src/config/portals-setting.ts';
import { FEATURES } from '../src/portal/portals.ts';
import type { World } from './world.ts';

/** Lets the Worker know what its only portal has switched on: everything. */
export function knowPortal({ stripe, configure }: World): void {
  const [id = ''] = stripe.state.configurations.keys();
  const portal: WrittenPortal = {
    name: 'default',
    id,
    features: [...FEATURES],
    updates: ['price'],
  };
  configure({ PORTALS: JSON.stringify([portal]) });
}
