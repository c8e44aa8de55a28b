import { styleText } from 'node:util';
import type { Configuration } from '../portal/configuration.ts';
import { desiredConfiguration, newConfiguration, type Desired } from '../portal/desired.ts';
import { differences, type Difference } from '../portal/differences.ts';
import { DEFAULT } from '../portal/file.ts';
import { markOf } from '../portal/marks.ts';
import type { Planned } from '../portal/planned.ts';
import type { StripeContext } from './context.ts';

/** A portal after its step: undefined if there is none, because the operator declined. */
export type Settled = { changes: 0 | 1; configuration: Configuration | undefined };

/**
 * Makes one portal as portal.toml says. Others may use the account's default configuration, which
 * the API cannot create: so the Worker gets its own, marked with its name.
 */
export async function settlePortal(
  context: StripeContext,
  portal: Planned,
  existing: Configuration | undefined,
): Promise<Settled> {
  const { mode, dialogue } = context;
  const desired = desiredConfiguration(portal, mode, originFor(context));
  const changed = differences(existing, desired);
  if (existing?.active && changed.length === 0) return { changes: 0, configuration: existing };
  dialogue.say(styleText('bold', title(portal, existing)));
  showDiff(changed, existing, dialogue.say);
  const what = existing
    ? `Update ${nameOf(portal)} ${existing.id}`
    : `Create ${portal.name === DEFAULT ? 'a portal configuration' : nameOf(portal)}`;
  const isWanted = await dialogue.decide(`${what} in ${mode} mode`);
  const configuration = isWanted ? await write(context, portal, existing, desired) : existing;
  return { changes: 1, configuration };
}

/** A portal, to show to the operator. */
const nameOf = ({ name }: Planned) =>
  name === DEFAULT ? 'the portal configuration' : `the portal ${name},`;

function title({ name }: Planned, existing: Configuration | undefined): string {
  const portal = name === DEFAULT ? 'The portal' : `The portal ${name}`;
  if (!existing) return `${portal} will be:`;
  return name === DEFAULT
    ? `portal.toml and ${existing.id} differ:`
    : `portal.toml and ${existing.id}, the portal ${name}, differ:`;
}

function showDiff(
  changed: Difference[],
  existing: Configuration | undefined,
  say: (line: string) => void,
): void {
  if (existing?.active === false)
    say(`  active: ${styleText('red', 'false')} → ${styleText('green', 'true')}`);
  for (const { path, is, wanted } of changed) {
    if (existing) say(`  ${path}: ${styleText('red', is)} → ${styleText('green', wanted)}`);
    else say(`  ${path}: ${styleText('green', wanted)}`);
  }
}

async function write(
  { callStripe, target: { workerName } }: StripeContext,
  { name: portal, settings }: Planned,
  existing: Configuration | undefined,
  desired: Desired,
): Promise<Configuration> {
  return callStripe(async ({ billingPortal: { configurations } }) => {
    if (existing) {
      const activation = existing.active ? {} : { active: true };
      return configurations.update(existing.id, { ...desired, ...activation });
    }
    const metadata = { ...settings.metadata, ...markOf(workerName, portal) };
    const name = settings.name || (portal === DEFAULT ? workerName : `${workerName}: ${portal}`);
    return configurations.create({ ...newConfiguration(desired), metadata, name });
  });
}

/** Of a Worker on this machine, the setting may be the address of the deployed one. */
function originFor({ url, target }: StripeContext): string | undefined {
  if (url || target.place === 'local') return url?.origin;
  return URL.parse(target.variables['PUBLIC_ORIGIN'] ?? '')?.origin;
}
