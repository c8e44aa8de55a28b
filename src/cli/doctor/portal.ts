import type { Portal } from '../../portal/portals.ts';
import { PORTAL_PATH, type Configuration } from '../portal/configuration.ts';
import { desiredConfiguration, type Desired } from '../portal/desired.ts';
import { differences } from '../portal/differences.ts';
import { DEFAULT } from '../portal/file.ts';
import { isManaged } from '../portal/marks.ts';
import { abilitiesOf } from '../portal/planned.ts';
import { dashboardOf, type Mode } from '../settings.ts';
import { setupCommand } from '../target.ts';
import { combined, type Problem } from './combined.ts';
import type { Finding } from './finding.ts';
import type { Read } from './portal-configuration.ts';
import type { Subject } from './subject.ts';

/** What each flow of the link needs: src/portal/README.md. */
const flowFeatures = [
  'payment_method_update',
  'customer_update',
  'subscription_cancel',
  'subscription_update',
  'subscription_pause',
] as const;

/** What the portals can do, compared with portal.toml and with PORTALS. */
export function examineFeatures(subject: Subject, read: readonly Read[], mode: Mode): Finding {
  const next = `Run ${setupCommand(subject.target)} to make it as portal.toml says, or change it at ${dashboardOf(mode)}${PORTAL_PATH}.`;
  const warn = (found: string): Problem => ({ outcome: 'warning', found, next });
  const problems = read.flatMap(({ portal, configuration }): Problem[] => {
    const desired = desiredOf(portal, subject, mode);
    const missed = portal.name === DEFAULT ? missedIn(configuration, desired) : [];
    if (missed.length > 0) return [warn(`Off: ${missed.join(', ')}.`)];
    const changed = driftOf(configuration, desired).filter((path) => path.startsWith('features.'));
    if (changed.length > 0) {
      const paths = changed.map((path) => path.replace('features.', '')).join(', ');
      return [warn(about(portal, `Not as portal.toml says: ${paths}.`))];
    }
    const otherwise = differingFrom(portal, configuration);
    if (otherwise.length === 0) return [];
    return [warn(about(portal, `Not as PORTALS says: ${otherwise.join(', ')}.`))];
  });
  return combined('portal_features', problems, describe(subject, read, mode));
}

/** Words about a portal. The default one needs no name: often there is no other. */
const about = ({ name }: Portal, found: string) => (name === DEFAULT ? found : `${name}: ${found}`);

function missedIn(configuration: Configuration, desired: Desired | undefined): string[] {
  return flowFeatures.filter(
    (name) => !isOn(configuration, name) && desired?.features[name].enabled !== false,
  );
}

function isOn({ features }: Configuration, name: (typeof flowFeatures)[number]): boolean {
  // Accounts of before there was pausing have no such feature.
  return features[name]?.enabled ?? false;
}

/** What the page would take for switched on or off, and is not. */
function differingFrom({ features, updates }: Portal, configuration: Configuration): string[] {
  const is = abilitiesOf(configuration);
  return [
    ...uneven(features ?? is.features, is.features),
    ...uneven(updates ?? is.updates, is.updates),
  ];
}

const uneven = (one: readonly string[], other: readonly string[]) => [
  ...one.filter((name) => !other.includes(name)),
  ...other.filter((name) => !one.includes(name)),
];

function describe(subject: Subject, read: readonly Read[], mode: Mode): string {
  const lines = read.toReversed().map(({ portal, configuration }) => {
    if (portal.name !== DEFAULT) {
      return `${portal.name}: ${abilitiesOf(configuration).features.join(', ') || 'nothing'}.`;
    }
    const [on, off] = [true, false].map((wanted) =>
      flowFeatures.filter((name) => isOn(configuration, name) === wanted).join(', '),
    );
    const isOffByFile = off && desiredOf(portal, subject, mode);
    return `On: ${on}.${isOffByFile ? ` Off on purpose (portal.toml): ${off}.` : ''}`;
  });
  return lines.join(' ');
}

/** What the portals say of the business, and where they lead back to. */
export function examineBusiness(subject: Subject, read: readonly Read[], mode: Mode): Finding {
  const next = `Fill in portal.toml and run ${setupCommand(subject.target)}, or do it at ${dashboardOf(mode)}${PORTAL_PATH}.`;
  const warn = (found: string): Problem => ({ outcome: 'warning', found, next });
  const fallback = read.find(({ portal }) => portal.name === DEFAULT);
  const everywhere = fallback ? lackingIn(fallback.configuration) : [];
  const problems = read.flatMap(({ portal, configuration }): Problem[] => {
    const all = lackingIn(configuration);
    const lacking =
      portal.name === DEFAULT ? all : all.filter((name) => !everywhere.includes(name));
    if (lacking.length > 0) return [warn(about(portal, `Not set: ${lacking.join(', ')}.`))];
    const desired = desiredOf(portal, subject, mode);
    const changed = driftOf(configuration, desired).filter((path) => !path.startsWith('features.'));
    if (changed.length === 0) return [];
    return [warn(about(portal, `Not as portal.toml says: ${changed.join(', ')}.`))];
  });
  const back = fallback?.configuration.default_return_url ?? 'where each session says';
  return combined('portal_business', problems, `Headline, policies, and back to ${back}.`);
}

function lackingIn({ business_profile: profile, default_return_url: back }: Configuration) {
  return [
    ...(profile.headline ? [] : ['headline']),
    ...(profile.privacy_policy_url ? [] : ['privacy_policy_url']),
    ...(profile.terms_of_service_url ? [] : ['terms_of_service_url']),
    ...(back ? [] : ['default_return_url']),
  ];
}

function desiredOf({ name }: Portal, subject: Subject, mode: Mode): Desired | undefined {
  const { fallback, named = [] } = subject.portalFile ?? {};
  const inFile = name === DEFAULT ? fallback : named.find((each) => each.name === name);
  return inFile && desiredConfiguration(inFile, mode, undefined);
}

/** What differs from portal.toml; of a portal that somebody else has made, nothing. */
function driftOf(configuration: Configuration, desired: Desired | undefined): string[] {
  if (!desired || !isManaged(configuration)) return [];
  return differences(configuration, desired).map(({ path }) => path);
}
