import { command, page } from '../../commands.ts';
import type { Stripe } from 'stripe';
import { adviceOf, entryOf } from '../../errors/meaning.ts';
import { createStripe } from '../../stripe/client.ts';
import { dashboardOf, configOf, modeOf, problemsOf } from '../settings.ts';
import { probeKey } from '../stripe-key.ts';
import { commandOptions, type Target } from '../target.ts';
import { failure, ok, skipped, warning, type Finding } from './finding.ts';
import { examinePermissions } from './permissions.ts';
import type { Subject } from './subject.ts';

const isOurs = (key: string) => key === 'STRIPE_SECRET_KEY' || key === 'STRIPE_API_BASE';

/** Examines the key; returns a client for the checks that follow, if there can be one. */
export async function* examineKey(subject: Subject): AsyncGenerator<Finding, Stripe | undefined> {
  const { finding, stripe, secretKey } = await keyFinding(subject);
  yield finding;
  yield stripe
    ? await examinePermissions(stripe, secretKey, subject.target)
    : skipped('stripe_permissions', 'There is no key to try.');
  return stripe;
}

type Examined = { finding: Finding; stripe?: Stripe; secretKey: string };

async function keyFinding(subject: Subject): Promise<Examined> {
  const secretKey = subject.target.variables['STRIPE_SECRET_KEY'] ?? '';
  if (secretKey === '' && subject.stored.has('STRIPE_SECRET_KEY')) {
    const next = `Give it to this command alone: \`STRIPE_SECRET_KEY=rk_… ${command('doctor', '…')}\`.`;
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
    const { title } = entryOf(probe.fault);
    return {
      finding: failure('stripe_key', `${title} (${probe.fault.code}).`, adviceOf(probe.fault)),
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
    const next = `Store a live key when you go live: \`${command('setup', `${commandOptions(worker)} --live`)}\`.`;
    return warning('stripe_key', found, next);
  }
  if (mode === 'live' && kind === 'unrestricted') {
    const next = `Make a restricted key at ${dashboardOf(mode)}/apikeys; ${page('src/config/README.md')} lists the permissions.`;
    return warning('stripe_key', found, next);
  }
  return ok('stripe_key', found);
}
