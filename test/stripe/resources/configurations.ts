import type { Stripe } from 'stripe';
import { boolean, missingParameter, required } from '../protocol/parameters.ts';
import { businessProfile, configurationFields, features } from './configuration-parameters.ts';
import { defaultConfiguration, defaultFeatures } from './configuration-defaults.ts';
import { emit } from '../protocol/emit.ts';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { mergeMetadata, pagination } from '../protocol/common-parameters.ts';
import { invalid, missing, refuse } from '../protocol/errors.ts';
import { readProducts } from './configuration-products.ts';
import { newestFirst, paginate } from '../protocol/lists.ts';
import { randomWord } from '../identifiers.ts';
import type { Configuration, Features } from '../portal-objects.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { State } from '../state.ts';
import type { Values } from '../protocol/parameters.ts';

const path = '/v1/billing_portal/configurations';
const noun = 'configuration';

/** A configuration by its id. The default one is there only once the settings were saved. */
export function findConfiguration(state: State, livemode: boolean, id: string, param = 'id') {
  const configuration = find(state.configurations, livemode, noun, id, param);
  if (isVisible(state, configuration)) return configuration;
  throw missing(noun, id, param);
}

export const configurations: readonly Endpoint[] = [
  endpoint<Stripe.BillingPortal.ConfigurationCreateParams>()({
    method: 'POST',
    path,
    permission: 'rak_customer_portal_write',
    parameters: {
      ...configurationFields,
      business_profile: businessProfile.create,
      features: required(features.create),
    },
    unmodelled: {},
    returns: 'billing_portal.configuration',
    answer(call) {
      const { state, livemode, parameters } = call;
      checkFeatures(parameters.features);
      const configuration: Configuration = {
        ...defaultConfiguration(state.seconds(), livemode),
        features: defaultFeatures(),
        is_default: false,
      };
      apply(state, configuration, parameters);
      state.configurations.set(configuration.id, configuration);
      emit(call, 'billing_portal.configuration.created', configuration);
      return configuration;
    },
  }),
  endpoint<Stripe.BillingPortal.ConfigurationListParams>()({
    method: 'GET',
    path,
    permission: 'rak_customer_portal_read',
    parameters: { ...pagination, active: boolean, is_default: boolean },
    unmodelled: {},
    returns: 'list:billing_portal.configuration',
    answer({ state, livemode, parameters }) {
      const { active, is_default: isDefault } = parameters;
      const found = newestFirst(state.configurations.values(), livemode)
        .filter((configuration) => isVisible(state, configuration))
        .filter((configuration) => active === undefined || configuration.active === active)
        .filter((item) => isDefault === undefined || item.is_default === isDefault);
      return paginate(found, parameters, noun, path);
    },
  }),
  endpoint<Stripe.BillingPortal.ConfigurationRetrieveParams>()({
    method: 'GET',
    path: `${path}/:id`,
    permission: 'rak_customer_portal_read',
    parameters: {},
    unmodelled: {},
    returns: 'billing_portal.configuration',
    answer: ({ state, livemode, id }) => findConfiguration(state, livemode, id),
  }),
  endpoint<Stripe.BillingPortal.ConfigurationUpdateParams>()({
    method: 'POST',
    path: `${path}/:id`,
    permission: 'rak_customer_portal_write',
    parameters: {
      ...configurationFields,
      active: boolean,
      business_profile: businessProfile.update,
      features: features.update,
    },
    unmodelled: {},
    returns: 'billing_portal.configuration',
    answer(call) {
      const configuration = findConfiguration(call.state, call.livemode, call.id);
      if (call.parameters.active === false && configuration.is_default) {
        refuse('You cannot deactivate the default configuration.');
      }
      apply(call.state, configuration, call.parameters);
      configuration.updated = call.state.seconds();
      emit(call, 'billing_portal.configuration.updated', configuration);
      return configuration;
    },
  }),
];

function isVisible(state: State, configuration: Configuration): boolean {
  return !configuration.is_default || state.isPortalSaved(configuration.livemode);
}

type FeaturesGiven = Values<{ features: typeof features.update }>['features'];

function checkFeatures(given: FeaturesGiven): void {
  const reasons = given?.subscription_cancel?.cancellation_reason;
  if (reasons && reasons.options === undefined) {
    throw missingParameter('features[subscription_cancel][cancellation_reason][options]');
  }
  for (const [name, feature] of Object.entries(given ?? {})) {
    const pausable = name === 'subscription_pause';
    if (feature && feature.enabled === undefined && !pausable) {
      throw missingParameter(`features[${name}][enabled]`);
    }
  }
}

type Pause = Features['subscription_pause']['duration'];
type Given = Values<typeof configurationFields> & { features?: FeaturesGiven };
type Fields = Record<string, unknown>;

function apply(state: State, configuration: Configuration, given: Given): void {
  const { metadata: pairs, ...changes } = given;
  const changed = structuredClone(configuration);
  merge(changed, changes);
  const cancel = changed.features.subscription_cancel;
  if (cancel.proration_behavior !== 'none' && cancel.mode !== 'immediately') {
    throw invalid(
      'features[subscription_cancel][proration_behavior]',
      '`proration_behavior` must be `none` when `mode` is `at_period_end`.',
    );
  }
  checkPause(changed.features.subscription_pause.duration);
  setLoginPage(changed);
  const offered = given.features?.subscription_update?.products;
  if (offered) {
    const products = readProducts(state, configuration.livemode, offered);
    changed.features.subscription_update.products = products;
  }
  Object.assign(configuration, changed);
  if (pairs !== undefined) {
    configuration.metadata = mergeMetadata(configuration.metadata, pairs);
  }
}

const LONGEST: Record<string, number> = { day: 1095, week: 156, month: 36, year: 3 };

function checkPause({ type, interval_options: options }: Pause): void {
  const param = 'features[subscription_pause][duration][interval_options]';
  if (type === 'interval_options' && options.length === 0) throw missingParameter(param);
  for (const [index, option] of options.entries()) {
    option.interval_count ??= 1;
    if (option.interval_count <= (LONGEST[option.interval] ?? 0)) continue;
    throw invalid(`${param}[${index}]`, 'The maximum pause duration is three years.');
  }
}

/** Stripe gives a login page its address when it is switched on. */
function setLoginPage({ login_page: page, livemode }: Configuration): void {
  const prefix = livemode ? '' : 'test_';
  page.url = page.enabled
    ? (page.url ?? `https://billing.stripe.com/p/login/${prefix}${randomWord(20)}`)
    : null;
}

// Hashes are merged, lists and values replaced; an emptied list is an empty list.
function merge(target: Fields, given: Fields): void {
  for (const [name, value] of Object.entries(given)) {
    const current = target[name];
    if (isHash(current) && isHash(value)) merge(current, value);
    else target[name] = value === null && Array.isArray(current) ? [] : value;
  }
}

function isHash(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
