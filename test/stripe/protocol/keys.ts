import { ApiError } from './errors.ts';
import type { Key, State } from '../state.ts';

export type Permission =
  | 'rak_accounts_kyc_basic_read'
  | 'rak_billing_meter_write'
  | 'rak_checkout_session_read'
  | 'rak_coupon_read'
  | 'rak_coupon_write'
  | 'rak_customer_portal_read'
  | 'rak_customer_portal_write'
  | 'rak_customer_read'
  | 'rak_customer_write'
  | 'rak_event_read'
  | 'rak_invoice_item_write'
  | 'rak_invoice_read'
  | 'rak_invoice_write'
  | 'rak_payment_intent_read'
  | 'rak_plan_read'
  | 'rak_plan_write'
  | 'rak_product_read'
  | 'rak_product_write'
  | 'rak_promotion_code_read'
  | 'rak_promotion_code_write'
  | 'rak_subscription_read'
  | 'rak_subscription_write'
  | 'rak_tax_rate_write'
  | 'rak_webhook_read'
  | 'rak_webhook_write';

export type Credential = { secret: string; key: Key };

const howToAuthenticate =
  'You did not provide an API key. You need to provide your API key in the Authorization header, ' +
  "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See " +
  'https://stripe.com/docs/api#authentication for details, or we can help at ' +
  'https://support.stripe.com/.';

export function authenticate(state: State, authorization: string | undefined): Credential {
  const secret = readSecret(authorization);
  if (!secret) throw new ApiError(401, { message: howToAuthenticate });
  const key = state.keys.get(secret);
  if (!key) throw new ApiError(401, { message: `Invalid API Key provided: ${mask(secret)}` });
  if (key.expired) {
    const message = `Expired API Key provided: ${mask(secret)}`;
    throw new ApiError(401, { message, code: 'api_key_expired' });
  }
  return { secret, key };
}

/** Restricted keys carry permissions; a right to write includes the right to read. */
export function authorize(state: State, credential: Credential, permission: Permission): void {
  const { permissions } = credential.key;
  const stronger = permission.replace(/_read$/, '_write');
  if (!permissions || permissions.has(permission) || permissions.has(stronger)) return;
  const message =
    `The provided key '${mask(credential.secret)}' does not have the required permissions for ` +
    `this endpoint on account '${state.account}'. Having the '${permission}' permission would ` +
    'allow this request to continue.';
  throw new ApiError(403, { message });
}

// `curl -u KEY:` sends the key as the name of a Basic credential.
function readSecret(authorization = ''): string {
  const [scheme = '', value = ''] = authorization.trim().split(/\s+/);
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return '';
  try {
    return atob(value).split(':')[0] ?? '';
  } catch {
    return '';
  }
}

function mask(secret: string): string {
  const prefix = /^[a-z]+_(?:test|live)_/.exec(secret)?.[0] ?? secret.slice(0, 4);
  const hidden = Math.max(4, secret.length - prefix.length - 4);
  return prefix + '*'.repeat(hidden) + secret.slice(-4);
}
