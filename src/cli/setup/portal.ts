import { styleText } from 'node:util';
import {
  findOwnConfiguration,
  markOf,
  markOfKey,
  markOfSecret,
  type Configuration,
} from '../portal/configuration.ts';
import { differences, type Difference } from '../portal/differences.ts';
import { desiredConfiguration, newConfiguration, type Desired } from '../portal/file.ts';
import { KEY_NAME } from './given-key.ts';
import { setSetting, settingsPlace, type Context, type StripeContext } from './context.ts';

/**
 * Makes the portal as portal.toml says. Others may use the account's default configuration, which
 * the API cannot create: so the Worker gets its own, marked with its name. Returns the number of
 * changes.
 */
export async function settlePortal(context: StripeContext): Promise<number> {
  const { portalFile, mode, dialogue } = context;
  if (!portalFile) {
    dialogue.say('There is no portal.toml: the portal stays as it is.');
    return 0;
  }
  const desired = desiredConfiguration(portalFile, mode, originFor(context));
  const existing = await findExisting(context);
  const changed = differences(existing, desired);
  const isNew = !existing;
  let id = existing?.id;
  let changes = 0;
  if (isNew || changed.length > 0 || !existing.active) {
    showDiff(changed, existing, dialogue.say);
    changes += 1;
    const what = isNew
      ? 'Create a portal configuration'
      : `Update the portal configuration ${existing.id}`;
    if (!(await dialogue.decide(`${what} in ${mode} mode`))) return changes;
    id = await write(context, existing, desired);
  }
  if (id === undefined) return changes;
  await markSecrets(context, id);
  return changes + (await settleId(context, id));
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

async function settleId({ target, dialogue }: Context, id: string): Promise<0 | 1> {
  if (target.variables['PORTAL_CONFIGURATION'] === id) return 0;
  const change = `Set PORTAL_CONFIGURATION to ${id} in ${settingsPlace(target)}`;
  if (await dialogue.decide(change)) setSetting(target, 'PORTAL_CONFIGURATION', id);
  return 1;
}

/** The configured one, or the one of an earlier run that was interrupted. */
async function findExisting({
  callStripe,
  target,
  account,
}: StripeContext): Promise<Configuration | undefined> {
  if (account.kind === 'same') return account.configuration;
  return callStripe((stripe) => findOwnConfiguration(stripe, target.workerName));
}

async function write(
  { callStripe, target }: StripeContext,
  existing: Configuration | undefined,
  desired: Desired,
): Promise<string> {
  const { id } = await callStripe(async ({ billingPortal: { configurations } }) => {
    if (existing) {
      const activation = existing.active ? {} : { active: true };
      return configurations.update(existing.id, { ...desired, ...activation });
    }
    const metadata = markOf(target.workerName);
    const created = newConfiguration(desired);
    return configurations.create({ ...created, metadata, name: target.workerName });
  });
  return id;
}

function originFor({ url, target }: StripeContext): string | undefined {
  return url?.origin ?? URL.parse(target.variables['PUBLIC_ORIGIN'] ?? '')?.origin;
}

function showDiff(
  changed: Difference[],
  existing: Configuration | undefined,
  say: (line: string) => void,
): void {
  say(
    styleText('bold', existing ? `portal.toml and ${existing.id} differ:` : 'The portal will be:'),
  );
  for (const { path, is, wanted } of changed) {
    if (existing) say(`  ${path}: ${styleText('red', is)} → ${styleText('green', wanted)}`);
    else say(`  ${path}: ${styleText('green', wanted)}`);
  }
}
