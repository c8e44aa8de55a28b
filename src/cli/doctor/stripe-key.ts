import type { Stripe } from 'stripe';
import { createStripe } from '../../stripe/client.ts';
import { dashboardOf, configOf, modeOf, problemsOf } from '../settings.ts';
import {
  lackingOf,
  mayReadCoupons,
  NO_COUPONS,
  OPTIONAL_TRIALS,
  probeKey,
  type Trial,
} from '../stripe-key.ts';
import { commandOptions, type Target } from '../target.ts';
import { failure, ok, skipped, warning, type Finding } from './finding.ts';
import type { Subject } from './subject.ts';

const isOurs = (key: string) => key === 'STRIPE_SECRET_KEY' || key === 'STRIPE_API_BASE';

/** Examines the key; returns a client for the checks that follow, if there can be one. */
export async function* examineKey(subject: Subject): AsyncGenerator<Finding, Stripe | undefined> {
  const { finding, stripe, secretKey } = await keyFinding(subject);
  yield finding;
  yield stripe
    ? await examinePermissions(stripe, secretKey)
    : skipped('stripe_permissions', 'There is no key to try.');
  return stripe;
}

type Examined = { finding: Finding; stripe?: Stripe; secretKey: string };

async function keyFinding(subject: Subject): Promise<Examined> {
  const secretKey = subject.target.variables['STRIPE_SECRET_KEY'] ?? '';
  if (secretKey === '' && subject.stored.has('STRIPE_SECRET_KEY')) {
    const next = 'Give it to this command alone: `STRIPE_SECRET_KEY=rk_… npm run doctor -- …`.';
    const found = 'It is stored at Cloudflare, which never shows it.';
    return { finding: warning('stripe_key', found, next), secretKey };
  }
  const [problem] = problemsOf(subject, isOurs);
  const config = configOf(subject, isOurs);
  if (problem || !config) {
    const found = secretKey === '' ? 'There is none.' : `${problem?.key} cannot be used.`;
    return {
      finding: failure('stripe_key', found, `${problem?.key}: ${problem?.remedy}`),
      secretKey,
    };
  }
  const stripe = createStripe(config.stripe);
  const probe = await probeKey(stripe, config.livemode);
  if (probe.kind === 'refused') {
    const { entry } = probe.fault;
    return {
      finding: failure(
        'stripe_key',
        `${entry.title} (${probe.fault.code}).`,
        probe.fault.remedy ?? entry.detail,
      ),
      secretKey,
    };
  }
  return { finding: judgeKey(secretKey, subject.target), stripe, secretKey };
}

/** Whether an accepted key is the right one for where the Worker runs. */
export function judgeKey(
  secretKey: string,
  worker: Pick<Target, 'place' | 'environment'>,
): Finding {
  const { place, environment } = worker;
  const isProduction = place === 'remote' && (environment ?? 'production') === 'production';
  const mode = modeOf(secretKey);
  const kind = secretKey.startsWith('rk_') ? 'restricted' : 'unrestricted';
  const found = `${mode === 'live' ? 'Live' : 'Test'} mode, ${kind}.`;
  if (mode === 'live' && place === 'local') {
    const next = 'Use a test key on this machine: what you try out here happens to real customers.';
    return warning('stripe_key', found, next);
  }
  if (mode === 'test' && isProduction) {
    const next = `Store a live key when you go live: \`npm run setup -- ${commandOptions(worker)} --live\`.`;
    return warning('stripe_key', found, next);
  }
  if (mode === 'live' && kind === 'unrestricted') {
    const next = `Make a restricted key at ${dashboardOf(mode)}/apikeys; src/config/README.md lists the permissions.`;
    return warning('stripe_key', found, next);
  }
  return ok('stripe_key', found);
}

/** What the Worker does with the key. */
const NEEDED: readonly Trial[] = [
  {
    permission: 'rak_customer_read',
    attempt: async (stripe) => stripe.customers.list({ limit: 1 }),
  },
  {
    permission: 'rak_subscription_read',
    attempt: async (stripe) => stripe.subscriptions.list({ limit: 1 }),
  },
  {
    permission: 'rak_product_read',
    attempt: async (stripe) => stripe.products.list({ limit: 1 }),
  },
  {
    permission: 'rak_checkout_session_read',
    attempt: async (stripe) => stripe.checkout.sessions.list({ limit: 1 }),
  },
  { permission: 'rak_event_read', attempt: async (stripe) => stripe.events.list({ limit: 1 }) },
  {
    permission: 'rak_customer_portal_write',
    // Stripe checks the permission before it finds that there is no such customer.
    attempt: async (stripe) =>
      stripe.billingPortal.sessions.create({ customer: 'cus_doctor0tries0the0right' }),
  },
];

const OPTIONAL = [
  {
    permission: 'rak_webhook_read',
    attempt: async (stripe: Stripe) => stripe.webhookEndpoints.list({ limit: 1 }),
    without: 'The Worker does without Webhook Endpoints; doctor and setup do not.',
  },
  ...OPTIONAL_TRIALS,
];

async function examinePermissions(stripe: Stripe, secretKey: string): Promise<Finding> {
  if (!secretKey.startsWith('rk_'))
    return ok('stripe_permissions', 'An unrestricted key may do all.');
  const needed = await lackingOf(stripe, NEEDED);
  const optional = await lackingOf(stripe, OPTIONAL);
  const lacking = [...needed, ...optional].map(({ permission }) => permission);
  if (lacking.length === 0) {
    const more = (await mayReadCoupons(stripe)) ? '' : ` ${NO_COUPONS}`;
    return ok('stripe_permissions', `All that are needed.${more}`);
  }
  const found = `The key lacks ${lacking.join(', ')}.`;
  const next = `Edit the key at ${dashboardOf(modeOf(secretKey))}/apikeys and add them.`;
  if (needed.length > 0) return failure('stripe_permissions', found, next);
  const effects = optional.map(({ without }) => without);
  return warning('stripe_permissions', found, [next, ...effects].join(' '));
}
