import { findOwnConfigurations } from '../portal/configuration.ts';
import { PORTAL_FILE } from '../portal/file.ts';
import { inOrder, writtenPortals } from '../portal/written.ts';
import { setupCommand, type Target } from '../target.ts';
import type { StripeContext } from './context.ts';

/**
 * Asks what becomes of portals that portal.toml no longer has, or has by another name. Stripe
 * deletes no configuration, and one that is not active opens for nobody: so it comes after the
 * deploy that ends their use, and --yes is no answer to it. An older PORTALS that another deploy
 * still has cannot be seen here, so the question speaks of it. Returns the number of changes.
 *
 * @param now  the Worker with the settings that the steps before have written; in a dry run, none
 */
export async function retirePortals(
  { portalFile, callStripe, dialogue, target }: StripeContext,
  { isUnattended, now }: { isUnattended: boolean; now: Target | undefined },
): Promise<number> {
  if (!portalFile) return 0;
  const own = await callStripe(async (stripe) => findOwnConfigurations(stripe, target.workerName));
  const written = now && writtenPortals(now.variables);
  const inUse = new Set(written ? inOrder(written).map((each) => each.configuration) : []);
  const known = new Set([portalFile.fallback, ...portalFile.named].map(({ name }) => name));
  let changes = 0;
  for (const [name, { id, active }] of own) {
    if (!active || known.has(name) || inUse.has(id)) continue;
    const what = `the portal ${name} (${id}), which ${PORTAL_FILE} no longer has`;
    if (isUnattended) {
      dialogue.say(
        `Still active at Stripe: ${what}. ${setupCommand(target)} without --yes asks whether to deactivate it. Keep it while a deployed Worker still uses it.`,
      );
      continue;
    }
    changes += 1;
    const question = `Deactivate ${what} (not while a deployed Worker still uses it)`;
    if (!(await dialogue.decide(question, false))) continue;
    await callStripe(async ({ billingPortal }) =>
      billingPortal.configurations.update(id, { active: false }),
    );
  }
  return changes;
}
