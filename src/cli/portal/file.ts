import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stripe } from 'stripe';
import { parse, TomlError } from 'smol-toml';
import * as v from 'valibot';
import { OperatorProblem } from '../problem.ts';
import { PortalSettings } from './settings.ts';

export const PORTAL_FILE = 'portal.toml';

export type PortalFile = { text: string; settings: PortalSettings };

type Creation = Stripe.BillingPortal.ConfigurationCreateParams;

/** What the portal will be, in Stripe's own parameters for an update. `""` empties a value. */
export type Desired = Creation & Stripe.BillingPortal.ConfigurationUpdateParams;

/**
 * Reads portal.toml; undefined when there is none.
 *
 * @throws OperatorProblem that names each wrong entry
 */
export function readPortalFile(directory: string): PortalFile | undefined {
  const path = join(directory, PORTAL_FILE);
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  const result = v.safeParse(PortalSettings, parseToml(text));
  if (result.success) return { text, settings: result.output };
  const problems = result.issues.map((issue) => `${v.getDotPath(issue) ?? ''}: ${issue.message}`);
  throw new OperatorProblem(`${PORTAL_FILE} cannot be used. ${problems.join('; ')}`);
}

function parseToml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new OperatorProblem(
      `${PORTAL_FILE}, line ${error.line}: ${error.message.split('\n')[0]}`,
    );
  }
}

/** The file as parameters for this mode. Without a return address, the portal leads back to the Worker. */
export function desiredConfiguration(
  { settings }: PortalFile,
  mode: 'live' | 'test',
  origin: string | undefined,
): Desired {
  const { business_profile: profile, features, products } = settings;
  const returnUrl = settings.default_return_url || (origin && `${origin}/billing`);
  const { customer_update, subscription_cancel, subscription_update } = features;
  const { cancellation_reason } = subscription_cancel;
  return {
    ...(returnUrl && { default_return_url: returnUrl }),
    business_profile: {
      headline: profile.headline,
      privacy_policy_url: profile.privacy_policy_url,
      terms_of_service_url: profile.terms_of_service_url,
    },
    features: {
      ...features,
      customer_update: {
        ...customer_update,
        allowed_updates: whole(customer_update.allowed_updates),
      },
      subscription_cancel: {
        ...subscription_cancel,
        cancellation_reason: {
          ...cancellation_reason,
          options: whole(cancellation_reason.options),
        },
      },
      subscription_update: {
        ...subscription_update,
        default_allowed_updates: whole(subscription_update.default_allowed_updates),
        products: whole(products[mode]),
      },
    },
  };
}

/** The same for a new configuration, which takes no empty address: there is nothing to empty. */
export function newConfiguration(desired: Desired): Creation {
  const { business_profile: profile = {}, ...others } = desired;
  const given = Object.entries(profile).filter(([, value]) => value !== '');
  return { ...others, business_profile: Object.fromEntries(given) };
}

/** An empty list is not sent, and Stripe keeps what it is not sent; "" empties it. */
function whole<Item>(list: Item[]): Item[] | '' {
  return list.length > 0 ? list : '';
}
