import { styleText } from 'node:util';
import { setInConfigFile } from '../files.ts';
import {
  findOwnConfiguration,
  markOf,
  markOfKey,
  type Configuration,
} from '../portal/configuration.ts';
import { differences, type Difference } from '../portal/differences.ts';
import { desiredConfiguration, newConfiguration, type Desired } from '../portal/file.ts';
import { askingStripe } from '../stripe.ts';
import { variablesTable, type Context, type StripeContext } from './context.ts';

/**
 * Makes the portal as portal.toml says. The account's default is other people's, too, and Stripe
 * lets nobody make it by API: so the Worker gets a configuration of its own, found again by its
 * mark. Returns how many changes.
 */
export async function settlePortal(context: StripeContext): Promise<number> {
  const { portalFile, mode, dialogue } = context;
  if (!portalFile) {
    dialogue.say('There is no portal.toml: the portal stays as it is.');
    return 0;
  }
  const desired = desiredConfiguration(portalFile, mode, originFor(context));
  return askingStripe(mode, async () => {
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
    await noteKey(context, id);
    return changes + (await settleId(context, id));
  });
}

/** Notes which key the Worker has: Cloudflare shows it to nobody, .dev.vars to us. */
async function noteKey({ stripe, target, storedKey }: StripeContext, id: string): Promise<void> {
  if (target.place === 'local' || storedKey === undefined) return;
  await stripe.billingPortal.configurations.update(id, { metadata: markOfKey(storedKey) });
}

async function settleId({ target, dialogue }: Context, id: string): Promise<0 | 1> {
  if (target.variables['PORTAL_CONFIGURATION'] === id) return 0;
  const table = variablesTable(target);
  if (await dialogue.decide(`Set PORTAL_CONFIGURATION = "${id}" in [${table}] of wrangler.toml`)) {
    setInConfigFile(target.directory, table, 'PORTAL_CONFIGURATION', id);
  }
  return 1;
}

/** The one that is configured; or the one of an earlier run that did not get to its end. */
async function findExisting({
  stripe,
  target,
  account,
}: StripeContext): Promise<Configuration | undefined> {
  if (account.kind === 'same') return account.configuration;
  return findOwnConfiguration(stripe, target.workerName);
}

async function write(
  { stripe, target }: StripeContext,
  existing: Configuration | undefined,
  desired: Desired,
): Promise<string> {
  const { configurations } = stripe.billingPortal;
  if (existing) {
    const activation = existing.active ? {} : { active: true };
    return (await configurations.update(existing.id, { ...desired, ...activation })).id;
  }
  const metadata = markOf(target.workerName);
  return (
    await configurations.create({ ...newConfiguration(desired), metadata, name: target.workerName })
  ).id;
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
  for (const { path, is, shall } of changed) {
    if (existing) say(`  ${path}: ${styleText('red', is)} → ${styleText('green', shall)}`);
    else say(`  ${path}: ${styleText('green', shall)}`);
  }
}
