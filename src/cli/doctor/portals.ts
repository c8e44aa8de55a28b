import type { Stripe } from 'stripe';
import { onlyPortal } from '../../config/portals-setting.ts';
import type { Portals } from '../../portal/portals.ts';
import { findConfiguration } from '../portal/configuration.ts';
import { inOrder, writtenPortals } from '../portal/written.ts';
import { problemsOf, type Mode } from '../settings.ts';
import { setupCommand } from '../target.ts';
import type { Check } from './checks.ts';
import { failure, skipped, type Finding } from './finding.ts';
import { examineBusiness, examineFeatures } from './portal.ts';
import { examineConfigurations, type Looked, type Read } from './portal-configuration.ts';
import { examineCoupons } from './portal-coupons.ts';
import { examinePlans } from './portal-plans.ts';
import { examineRules } from './portal-rules.ts';
import { examineSetting } from './portal-setting.ts';
import type { Subject } from './subject.ts';

export const PORTAL_CHECKS: Check[] = [
  'portal_configuration',
  'portal_features',
  'portal_business',
  'portal_setting',
  'portal_rules',
  'portal_plans',
  'portal_coupons',
];

/** Examines each portal, and who gets which. `otherMode` is a client for the other mode. */
export async function examinePortals(
  subject: Subject,
  stripe: Stripe,
  mode: Mode,
  otherMode: Stripe | undefined,
): Promise<Finding[]> {
  const portals = portalsOf(subject);
  if ('check' in portals) return [portals, ...skipping('The settings come first.')];
  const looked: Looked[] = [];
  for (const portal of inOrder(portals)) {
    const found = await findConfiguration(stripe, portal.configuration, mode === 'live');
    looked.push({ portal, found });
  }
  const finding = await examineConfigurations(subject, looked, mode, otherMode);
  const read = looked.flatMap(({ portal, found }): Read[] =>
    found.kind === 'found' ? [{ portal, configuration: found.configuration }] : [],
  );
  const described =
    read.length > 0
      ? [examineFeatures(subject, read, mode), examineBusiness(subject, read, mode)]
      : skipping('There is no configuration to look at.').slice(0, 2);
  return [
    finding,
    ...described,
    examineSetting(subject, read, mode),
    await examineRules(subject, portals, stripe, mode),
    await examinePlans(read, stripe, mode),
    await examineCoupons(portals, stripe, mode),
  ];
}

/** All checks but the first, which says why. */
const skipping = (why: string) => PORTAL_CHECKS.slice(1).map((check) => skipped(check, why));

/** The Worker's portals, or why it has none. */
function portalsOf(subject: Subject): Portals | Finding {
  const { variables } = subject.target;
  const { PORTALS, PORTAL_CONFIGURATION } = variables;
  if (!PORTALS) return onlyPortal(PORTAL_CONFIGURATION || undefined);
  if (PORTAL_CONFIGURATION) {
    return failure(
      'portal_configuration',
      'PORTALS and PORTAL_CONFIGURATION are both set.',
      `Empty PORTAL_CONFIGURATION, or run ${setupCommand(subject.target)}, which empties its own.`,
    );
  }
  const written = writtenPortals(variables);
  if (written) return written;
  const [problem] = problemsOf(subject, (key) => key === 'PORTALS');
  const next = `PORTALS: ${problem?.remedy ?? ''}`;
  return failure('portal_configuration', 'PORTALS cannot be used.', next);
}
