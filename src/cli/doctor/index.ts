import type { Stripe } from 'stripe';
import { createStripe } from '../../stripe/client.ts';
import { BillingError } from '../../errors/billing-error.ts';
import { adviceOf } from '../../errors/meaning.ts';
import { configOf, modeOf } from '../settings.ts';
import type { Deployed } from '../cloudflare/workers.ts';
import { examineAddresses } from './addresses.ts';
import { examineCloudflare } from './cloudflare.ts';
import { examineCookieReach } from './cookie-reach.ts';
import { examineCounters } from './counters.ts';
import { examineDatabase } from './database.ts';
import { examineDatabaseAccount } from './database-account.ts';
import { examineDeployment } from './deployment.ts';
import { examineIdentity } from './identity.ts';
import { examineOpenId } from './openid.ts';
import { examinePortals, PORTAL_CHECKS } from './portals.ts';
import { examineCookie } from './session-cookies.ts';
import { examineSessionEndpoint } from './session-endpoint.ts';
import { examineSettings } from './settings.ts';
import { examineLocalVariables } from './local-variables.ts';
import { examinePlacement } from './placement.ts';
import { examineReach } from './reach.ts';
import { examineSearch } from './search.ts';
import { examineKey } from './stripe-key.ts';
import { examineWebhook } from './webhook.ts';
import { examineWebhookSecret } from './webhook-secret.ts';
import { skipped, failure, type Finding } from './finding.ts';
import { trySession } from './session.ts';
import type { Subject } from './subject.ts';
import type { Check } from './checks.ts';

/** Receives the URL of the session that was made for the operator. */
export type OnSession = (url: string) => void;

/** Examines a Worker from its settings to a session, one finding for each check. */
export async function* examine(
  subject: Subject,
  deployed: Deployed | undefined,
  otherModeKey: string | undefined,
  onSession: OnSession,
): AsyncGenerator<Finding> {
  yield* examineSettings(subject);
  yield examinePlacement(subject);
  yield examineLocalVariables(subject);
  yield examineCounters(subject);
  yield* examineAddresses(subject);
  yield* await examineIdentity(subject);
  yield examineReach(subject);
  yield examineCookie(subject);
  yield examineCookieReach(subject);
  yield* await examineSessionEndpoint(subject);
  yield* await examineOpenId(subject);
  if (deployed) yield* examineCloudflare(subject.target, deployed);
  const stripe = yield* examineKey(subject);
  const mode = modeOf(subject.target.variables['STRIPE_SECRET_KEY'] ?? '');
  yield* await withStripe(stripe, ['stripe_search'], (client) =>
    examineSearch(subject, client, mode),
  );
  yield* await withStripe(stripe, PORTAL_CHECKS, (client) =>
    examinePortals(subject, client, mode, otherClient(subject, otherModeKey)),
  );
  yield* await withStripe(stripe, WEBHOOK_CHECKS, (client) =>
    examineWebhook(subject, client, mode),
  );
  yield examineWebhookSecret(subject);
  yield* await examineDatabase(subject, mode);
  yield* await withStripe(stripe, ['database_account'], (client) =>
    examineDatabaseAccount(subject, client, mode),
  );
  if (subject.url) yield* await examineDeployment(subject.url, subject, mode);
  const { customer } = subject;
  if (customer !== undefined) {
    yield* await withStripe(stripe, ['portal_session'], async (client) => {
      const config = configOf(
        subject,
        (key) => key.startsWith('PORTAL') || key === 'STRIPE_SECRET_KEY',
      );
      if (!config) return [skipped('portal_session', 'The portal’s settings come first.')];
      const { finding, url } = await trySession(subject, customer, client, config);
      if (url !== undefined) onSession(url);
      return [finding];
    });
  }
}

const WEBHOOK_CHECKS: Check[] = [
  'webhook_endpoint',
  'webhook_events',
  'webhook_version',
  'webhook_deliveries',
];

/** Skips these checks without a client. An outage at Stripe is a finding of the first of them. */
async function withStripe(
  stripe: Stripe | undefined,
  checks: Check[],
  look: (stripe: Stripe) => Promise<Finding[]>,
): Promise<Finding[]> {
  if (!stripe) return checks.map((check) => skipped(check, 'Needs a key that Stripe accepts.'));
  try {
    return await look(stripe);
  } catch (error) {
    if (!(error instanceof BillingError)) throw error;
    const [first = 'stripe_key', ...others] = checks;
    return [
      failure(first, `Stripe could not be asked (${error.code}).`, adviceOf(error)),
      ...others.map((check) => skipped(check, 'Stripe could not be asked.')),
    ];
  }
}

function otherClient({ target }: Subject, key: string | undefined): Stripe | undefined {
  const ours = target.variables['STRIPE_SECRET_KEY'] ?? '';
  if (key === undefined || modeOf(key) === modeOf(ours)) return undefined;
  const apiBase = URL.parse(target.variables['STRIPE_API_BASE'] ?? '') ?? undefined;
  // A live key is only ever sent to Stripe.
  if (apiBase && modeOf(key) === 'live') return undefined;
  return createStripe({ secretKey: key, apiBase });
}
