import { findOwnConfigurations, type Configuration } from '../portal/configuration.ts';
import { couponProblem, lookAtCoupon } from '../portal/coupon.ts';
import { DEFAULT, PORTAL_FILE } from '../portal/file.ts';
import { markOfKey, markOfSecret } from '../portal/marks.ts';
import { abilitiesOf, plannedPortals, toWritten, withoutRule } from '../portal/planned.ts';
import { checkSize, inOrder, toSetting, writtenPortals } from '../portal/written.ts';
import { OperatorProblem } from '../problem.ts';
import { KEY_NAME } from './given-key.ts';
import { setSetting, settingsPlace, type Context, type StripeContext } from './context.ts';
import { foreignConfiguration, foreignPortals, isOwn, mentionForeign } from './foreign.ts';
import { settlePortal } from './portal.ts';

/**
 * Looks at what Cloudflare or Stripe would refuse later, and changes nothing.
 *
 * @throws OperatorProblem that says how to mend portal.toml
 */
export async function checkPortals(context: StripeContext): Promise<void> {
  const { portalFile, mode, callStripe, dialogue } = context;
  if (!portalFile) return;
  const portals = plannedPortals(portalFile, mode);
  checkSize(portals);
  for (const coupon of new Set(portals.flatMap((each) => each.coupon ?? []))) {
    const state = await callStripe(async (stripe) => lookAtCoupon(stripe, coupon));
    if (state === 'valid') continue;
    if (state === 'unreadable') {
      dialogue.say(
        `The key may not read coupons (rak_coupon_read): whether ${coupon} exists is not checked.`,
      );
      continue;
    }
    throw new OperatorProblem(
      `${PORTAL_FILE}: the retention_coupon ${coupon} ${couponProblem[state]}. Name another for ${mode} mode, or "" for none.`,
    );
  }
}

/** Makes the portals of portal.toml and tells the Worker of them. Returns the number of changes. */
export async function settlePortals(context: StripeContext): Promise<number> {
  const { portalFile, mode, dialogue, target, callStripe, account } = context;
  if (!portalFile) {
    dialogue.say('There is no portal.toml: the portal stays as it is.');
    return 0;
  }
  const only = foreignConfiguration(context);
  if (only) {
    mentionForeign(context, only);
    return 0;
  }
  const portals = plannedPortals(portalFile, mode);
  const foreign = await foreignPortals(context);
  const own = await callStripe(async (stripe) => findOwnConfigurations(stripe, target.workerName));
  if (account.kind === 'same') own.set(DEFAULT, account.configuration);
  for (const name of withoutRule(portalFile, mode)) {
    dialogue.say(`The portal ${name} has no rule for ${mode} mode: nobody would get it.`);
  }

  let changes = 0;
  const made = new Map<string, Configuration>();
  // The default first: its id shows the next run which account all of them belong to.
  for (const portal of [...portals.slice(-1), ...portals.slice(0, -1)]) {
    const kept = foreign.get(portal.name);
    if (kept) {
      made.set(portal.name, kept);
      dialogue.say(
        `PORTALS names ${kept.id} as ${portal.name}. Setup has not made it for this Worker: it stays as it is.`,
      );
      continue;
    }
    const settled = await settlePortal(context, portal, own.get(portal.name));
    changes += settled.changes;
    if (settled.configuration) made.set(portal.name, settled.configuration);
  }
  const fallback = made.get(DEFAULT);
  if (!fallback) return changes;
  if (isOwn(fallback, context)) await markSecrets(context, fallback.id);
  const setting = portals.flatMap((portal) => {
    const configuration = made.get(portal.name);
    return configuration ? [toWritten(portal, configuration.id, abilitiesOf(configuration))] : [];
  });
  return changes + (await settleSetting(context, toSetting(setting)));
}

/** Marks which secrets the Worker has. Cloudflare never shows them again; .dev.vars does. */
async function markSecrets(
  { callStripe, target, stored, secretKey }: StripeContext,
  id: string,
): Promise<void> {
  if (target.place === 'local' || stored.size === 0) return;
  const marks = [...stored].map(([name, value]) =>
    name === KEY_NAME ? markOfKey(value) : markOfSecret(name, value, secretKey),
  );
  const metadata: Record<string, string> = Object.assign({}, ...marks);
  await callStripe((stripe) => stripe.billingPortal.configurations.update(id, { metadata }));
}

/** The Worker refuses PORTALS beside PORTAL_CONFIGURATION, which earlier releases wrote. */
async function settleSetting({ target, dialogue }: Context, setting: string): Promise<0 | 1> {
  const { PORTALS, PORTAL_CONFIGURATION } = target.variables;
  if (PORTALS === setting && !PORTAL_CONFIGURATION) return 0;
  const written = writtenPortals({ PORTALS: setting });
  const names = written
    ? inOrder(written).map(({ name, configuration }) => `${name} ${configuration}`)
    : [];
  const place = settingsPlace(target);
  const emptied = PORTAL_CONFIGURATION ? ', and empty PORTAL_CONFIGURATION' : '';
  if (await dialogue.decide(`Set PORTALS in ${place} (${names.join(', ')})${emptied}`)) {
    setSetting(target, 'PORTALS', setting);
    if (PORTAL_CONFIGURATION) setSetting(target, 'PORTAL_CONFIGURATION', '');
  }
  return 1;
}
