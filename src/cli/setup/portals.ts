import { findOwnConfigurations, type Configuration } from '../portal/configuration.ts';
import { couponProblem, lookAtCoupon } from '../portal/coupon.ts';
import { DEFAULT, PORTAL_FILE } from '../portal/file.ts';
import { markOfKey, markOfSecret, portalMarkedIn } from '../portal/marks.ts';
import { abilitiesOf, plannedPortals, toWritten, withoutRule } from '../portal/planned.ts';
import { checkSize, inOrder, toSetting, writtenPortals } from '../portal/written.ts';
import { OperatorProblem } from '../problem.ts';
import { KEY_NAME } from './given-key.ts';
import { setSetting, settingsPlace, type Context, type StripeContext } from './context.ts';
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
  const planned = plannedPortals(portalFile, mode);
  const foreign = foreignConfiguration(context);
  if (foreign) mentionForeign(context, foreign);
  const portals = foreign ? planned.slice(-1) : planned;
  const own = await callStripe(async (stripe) => findOwnConfigurations(stripe, target.workerName));
  if (account.kind === 'same') own.set(DEFAULT, account.configuration);
  for (const name of withoutRule(portalFile, mode)) {
    dialogue.say(`The portal ${name} has no rule for ${mode} mode: nobody would get it.`);
  }

  let changes = 0;
  const made = new Map<string, Configuration>();
  // The default first: its id shows the next run which account all of them belong to.
  for (const portal of [...portals.slice(-1), ...portals.slice(0, -1)]) {
    const settled = await settlePortal(context, portal, own.get(portal.name));
    changes += settled.changes;
    if (settled.configuration) made.set(portal.name, settled.configuration);
  }
  const fallback = made.get(DEFAULT);
  if (!fallback) return changes;
  await markSecrets(context, fallback.id);
  if (foreign) return changes;
  const setting = portals.flatMap((portal) => {
    const configuration = made.get(portal.name);
    return configuration ? [toWritten(portal, configuration.id, abilitiesOf(configuration))] : [];
  });
  return changes + (await settleSetting(context, toSetting(setting)));
}

/** The configuration in PORTAL_CONFIGURATION, if the operator has chosen it and setup has not made it. */
function foreignConfiguration({ target, account }: StripeContext): Configuration | undefined {
  const { variables, workerName } = target;
  if (!variables['PORTAL_CONFIGURATION'] || account.kind !== 'same') return undefined;
  const { configuration } = account;
  return portalMarkedIn(configuration, workerName) === undefined ? configuration : undefined;
}

function mentionForeign({ portalFile, target, dialogue }: Context, { id }: Configuration): void {
  const names = (portalFile?.named ?? []).map(({ name }) => name);
  const place = settingsPlace(target);
  if (target.variables['PORTALS']) {
    dialogue.say(
      `PORTALS and PORTAL_CONFIGURATION are both set in ${place}, and the Worker refuses that. Empty PORTAL_CONFIGURATION to use the portals of portal.toml, or PORTALS to give everybody ${id}.`,
    );
  } else if (names.length > 0) {
    dialogue.say(
      `PORTAL_CONFIGURATION names ${id}, which setup has not made for this Worker: everybody gets it, and nobody ${names.join(', ')}. Empty PORTAL_CONFIGURATION in ${place} to use the portals of portal.toml.`,
    );
  }
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
