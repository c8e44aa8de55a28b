import {
  FEATURES,
  UPDATES,
  type Feature,
  type PortalRule,
  type Update,
} from '../../portal/portals.ts';
import type { WrittenPortal } from '../../config/portals-setting.ts';
import type { Mode } from '../settings.ts';
import type { PortalFile } from './file.ts';
import type { FileRule, PortalSettings } from './settings.ts';

/** A portal of portal.toml in one mode. Products and prices of the other mode mean nothing here. */
export type Planned = {
  name: string;
  settings: PortalSettings;
  rules: PortalRule[];
  coupon: string | undefined;
};

/** The portals of one mode, in the order in which they are tried, the default last. */
export function plannedPortals({ named, fallback }: PortalFile, mode: Mode): Planned[] {
  const planned = named.map(({ name, settings, rules }) => ({
    name,
    settings,
    rules: rules.flatMap((rule) => ruleIn(rule, mode) ?? []),
    coupon: couponOf(settings, mode),
  }));
  const { name, settings } = fallback;
  const last = { name, settings, rules: [], coupon: couponOf(settings, mode) };
  return [...planned.filter(({ rules }) => rules.length > 0), last];
}

/** The portals that nobody would get in this mode: all of their rules name ids of the other. */
export function withoutRule({ named }: PortalFile, mode: Mode): string[] {
  return named
    .filter(({ rules }) => rules.every((rule) => ruleIn(rule, mode) === undefined))
    .map(({ name }) => name);
}

/** Undefined if the rule needs a product or a price, and names none of this mode. */
function ruleIn({ roles, products, prices }: FileRule, mode: Mode): PortalRule | undefined {
  if (products && !products[mode]) return undefined;
  if (prices && !prices[mode]) return undefined;
  return {
    ...(roles && { roles }),
    ...(products && { products: products[mode] }),
    ...(prices && { prices: prices[mode] }),
  };
}

const couponOf = ({ retention_coupon: coupon }: PortalSettings, mode: Mode) =>
  coupon?.[mode] || undefined;

/** What a portal has switched on, as PORTALS names it. */
export type Abilities = { features: Feature[]; updates: Update[] };

type Features = { [Name in Feature]?: { enabled: boolean } } & {
  subscription_update: { default_allowed_updates: readonly string[] };
};

/** By the file, or by a configuration at Stripe. */
export function abilitiesOf({ features }: { features: Features }): Abilities {
  const on = FEATURES.filter((name) => features[name]?.enabled);
  const updates = features.subscription_update.default_allowed_updates;
  return {
    features: on,
    updates: on.includes('subscription_update')
      ? UPDATES.filter((name) => updates.includes(name))
      : [],
  };
}

/** A portal as the setting PORTALS has it. */
export const toWritten = (
  { name, rules, coupon }: Planned,
  id: string,
  { features, updates }: Abilities,
): WrittenPortal => ({
  name,
  id,
  features,
  ...(updates.length > 0 && { updates }),
  ...(coupon !== undefined && { coupon }),
  ...(rules.length > 0 && { rules }),
});
