import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stripe } from 'stripe';
import { parse, TomlError } from 'smol-toml';
import * as v from 'valibot';
import { OperatorProblem } from '../problem.ts';

export const PORTAL_FILE = 'portal.toml';

const page = v.union(
  [v.literal(''), v.pipe(v.string(), v.url(), v.startsWith('https://'))],
  'give an https address, or "" for none',
);
const strings = v.array(v.string());

const plans = v.array(v.strictObject({ product: v.string(), prices: strings }));

// Names and values are Stripe's own, so that its documentation explains them.
// https://docs.stripe.com/api/customer_portal/configurations/create
const schema = v.strictObject({
  default_return_url: v.optional(page),
  business_profile: v.strictObject({
    headline: v.pipe(v.string(), v.maxLength(60, 'use at most 60 characters')),
    privacy_policy_url: page,
    terms_of_service_url: page,
  }),
  features: v.strictObject({
    payment_method_update: v.strictObject({ enabled: v.boolean() }),
    invoice_history: v.strictObject({ enabled: v.boolean() }),
    customer_update: v.strictObject({
      enabled: v.boolean(),
      allowed_updates: v.array(
        v.picklist(['address', 'email', 'name', 'phone', 'shipping', 'tax_id']),
      ),
    }),
    subscription_cancel: v.strictObject({
      enabled: v.boolean(),
      mode: v.picklist(['at_period_end', 'immediately']),
      proration_behavior: v.picklist(['none', 'create_prorations', 'always_invoice']),
      cancellation_reason: v.strictObject({
        enabled: v.boolean(),
        options: v.array(
          v.picklist([
            'customer_service',
            'low_quality',
            'missing_features',
            'other',
            'switched_service',
            'too_complex',
            'too_expensive',
            'unused',
          ]),
        ),
      }),
    }),
    subscription_update: v.strictObject({
      enabled: v.boolean(),
      default_allowed_updates: v.array(v.picklist(['price', 'promotion_code', 'quantity'])),
      proration_behavior: v.picklist(['none', 'create_prorations', 'always_invoice']),
    }),
    subscription_pause: v.strictObject({ enabled: v.boolean() }),
  }),
  products: v.strictObject({ test: plans, live: plans }),
});

export type PortalFile = { text: string; settings: v.InferOutput<typeof schema> };

/** What the portal shall be, in Stripe's own parameters. */
export type Desired = Stripe.BillingPortal.ConfigurationCreateParams;

/**
 * Reads portal.toml; undefined when there is none.
 *
 * @throws OperatorProblem that names each wrong entry
 */
export function readPortalFile(directory: string): PortalFile | undefined {
  const path = join(directory, PORTAL_FILE);
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  const result = v.safeParse(schema, parseToml(text));
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

/** The file as parameters for this mode; the portal leads back to the Worker unless told otherwise. */
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

/** An empty list is not sent, and Stripe keeps what it is not sent; "" empties it. */
function whole<Item>(list: Item[]): Item[] | '' {
  return list.length > 0 ? list : '';
}
