import { Stripe } from 'stripe';
import { differences } from '../portal/differences.ts';
import { findConfiguration, isManaged, PORTAL_PATH, type Found } from '../portal/configuration.ts';
import { desiredConfiguration } from '../portal/file.ts';
import { dashboardOf, type Mode } from '../settings.ts';
import { setupCommand } from '../target.ts';
import { failure, ok, skipped, warning, type Finding } from './finding.ts';
import { originOf, type Subject } from './subject.ts';

type Configuration = Stripe.BillingPortal.Configuration;

/** Examines what the portal looks like and can do. `otherMode` is a client for the other mode. */
export async function examinePortal(
  subject: Subject,
  stripe: Stripe,
  mode: Mode,
  otherMode: Stripe | undefined,
): Promise<Finding[]> {
  const id = subject.target.variables['PORTAL_CONFIGURATION'] || undefined;
  const found = await findConfiguration(stripe, id, mode === 'live');
  const finding = await judge(found, id, subject, mode, otherMode);
  if (found.kind !== 'found') {
    return [
      finding,
      skipped('portal_features', 'There is no configuration to look at.'),
      skipped('portal_business', 'There is no configuration to look at.'),
    ];
  }
  return [
    finding,
    examineFeatures(found.configuration, subject, mode),
    examineBusiness(found.configuration, subject, mode),
  ];
}

async function judge(
  found: Found,
  id: string | undefined,
  subject: Subject,
  mode: Mode,
  otherMode: Stripe | undefined,
): Promise<Finding> {
  const page = `${dashboardOf(mode)}${PORTAL_PATH}`;
  switch (found.kind) {
    case 'malformed':
      return failure(
        'portal_configuration',
        'PORTAL_CONFIGURATION is no id of a configuration.',
        'Set it to a bpc_… id, or leave it empty to use the account’s default.',
      );
    case 'unreadable':
      return skipped('portal_configuration', 'The key may not read it.');
    case 'missing':
      return failure(
        'portal_configuration',
        `The account has no ${id} in ${mode} mode.`,
        `Run ${setupCommand(subject.target)}, or leave PORTAL_CONFIGURATION empty to use the default.`,
      );
    case 'never_saved': {
      const elsewhere = otherMode && (await isSaved(otherMode));
      const other = mode === 'live' ? 'test' : 'live';
      return failure(
        'portal_configuration',
        elsewhere
          ? `The portal’s settings were saved only in ${other} mode.`
          : `The portal’s settings were never saved in ${mode} mode.`,
        `Run ${setupCommand(subject.target)}, or open ${page} and save them once.`,
      );
    }
    case 'found':
      if (found.configuration.active) {
        return ok(
          'portal_configuration',
          id === undefined ? `The default of ${mode} mode.` : `${id}, in ${mode} mode.`,
        );
      }
      return failure(
        'portal_configuration',
        `${found.configuration.id} is not active.`,
        `Run ${setupCommand(subject.target)}, or activate it at ${page}.`,
      );
    default:
      return found satisfies never;
  }
}

/** Of the other mode we can only tell what its key lets us see. */
async function isSaved(stripe: Stripe): Promise<boolean> {
  try {
    const saved = { is_default: true, active: true, limit: 1 };
    return (await stripe.billingPortal.configurations.list(saved)).data.length > 0;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return false;
    throw error;
  }
}

/** What each flow of the link needs: src/portal/README.md. */
const flowFeatures = [
  'payment_method_update',
  'customer_update',
  'subscription_cancel',
  'subscription_update',
  'subscription_pause',
] as const;

function examineFeatures(configuration: Configuration, subject: Subject, mode: Mode): Finding {
  const { portalFile, target } = subject;
  const desired = portalFile && desiredConfiguration(portalFile, mode, originOf(subject));
  const off = flowFeatures.filter((name) => !isOn(configuration, name));
  const missed = off.filter((name) => desired?.features?.[name]?.enabled !== false);
  const next = `Run ${setupCommand(target)} to make it as portal.toml says, or change it at ${dashboardOf(mode)}${PORTAL_PATH}.`;
  if (missed.length > 0) return warning('portal_features', `Off: ${missed.join(', ')}.`, next);
  const others = desired && isManaged(configuration) ? differences(configuration, desired) : [];
  const changed = others.filter(({ path }) => path.startsWith('features.'));
  if (changed.length > 0) {
    const paths = changed.map(({ path }) => path.replace('features.', '')).join(', ');
    return warning('portal_features', `Not as portal.toml says: ${paths}.`, next);
  }
  const onPurpose = off.length > 0 ? ` Off on purpose (portal.toml): ${off.join(', ')}.` : '';
  const on = flowFeatures.filter((name) => !off.includes(name));
  return ok('portal_features', `On: ${on.join(', ')}.${onPurpose}`);
}

function isOn({ features }: Configuration, name: (typeof flowFeatures)[number]): boolean {
  // Accounts of before there was pausing have no such feature.
  return features[name]?.enabled ?? false;
}

function examineBusiness(configuration: Configuration, subject: Subject, mode: Mode): Finding {
  const { business_profile: profile, default_return_url: returnUrl } = configuration;
  const lacking = [
    ...(profile.headline ? [] : ['headline']),
    ...(profile.privacy_policy_url ? [] : ['privacy_policy_url']),
    ...(profile.terms_of_service_url ? [] : ['terms_of_service_url']),
    ...(returnUrl ? [] : ['default_return_url']),
  ];
  const next = `Fill in portal.toml and run ${setupCommand(subject.target)}, or do it at ${dashboardOf(mode)}${PORTAL_PATH}.`;
  if (lacking.length > 0)
    return warning('portal_business', `Not set: ${lacking.join(', ')}.`, next);
  return ok('portal_business', `Headline, policies, and back to ${returnUrl}.`);
}
