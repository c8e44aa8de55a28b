import { parseConfig, type Config } from '../config/config.ts';
import { isLiveKey } from '../config/settings.ts';
import type { ConfigProblem } from '../errors/billing-error.ts';
import type { Target } from './target.ts';

// Stand for secrets that cannot be seen, where settings cannot be read without them.
const UNSEEN: Readonly<Record<string, string>> = {
  STRIPE_SECRET_KEY: 'sk_test_unseen0000',
  STRIPE_WEBHOOK_SECRET: 'whsec_unseen',
  AUTH_JWT_SECRET: 'unseen'.repeat(8),
  AUTH_CLIENT_SECRET: 'unseen',
  AUTHJS_SECRET: 'unseen'.repeat(8),
  LINK_SECRET: 'unseen'.repeat(8),
  LINK_API_KEY: 'unseen'.repeat(8),
  TURNSTILE_SECRET_KEY: 'unseen'.repeat(8),
};

/** Where settings come from. */
export type SettingsSource = {
  target: Pick<Target, 'variables' | 'isMount'>;
  /** Secrets that Cloudflare keeps for the Worker and does not show. */
  stored: ReadonlySet<string>;
};

/** The Worker's environment. Secrets that only Cloudflare can see are taken to be valid. */
export function environmentOf({ target, stored }: SettingsSource): Record<string, string> {
  const unseen = Object.entries(UNSEEN).filter(([name]) => stored.has(name));
  return { ...Object.fromEntries(unseen), ...target.variables };
}

/** What is wrong with these settings, by the Worker's own rules. */
export function problemsOf(
  subject: SettingsSource,
  isOurs: (key: string) => boolean,
): ConfigProblem[] {
  const parsed = parseConfig(environmentOf(subject), subject.target.isMount);
  return parsed.kind === 'invalid' ? parsed.problems.filter(({ key }) => isOurs(key)) : [];
}

/** The configuration by these settings alone, whatever is wrong with the others. */
export function configOf(
  subject: SettingsSource,
  isOurs: (key: string) => boolean,
): Config | undefined {
  const environment = environmentOf(subject);
  const ours = Object.entries(environment).filter(([key]) => isOurs(key));
  const { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, AUTH_JWT_SECRET } = UNSEEN;
  const others = {
    STRIPE_SECRET_KEY,
    STRIPE_WEBHOOK_SECRET,
    // Clients of a provider and paths of a site need it, and a check of its own looks at it.
    ...(isOurs('AUTH_CLIENT_ID') && { PUBLIC_ORIGIN: publicOriginOf(subject) }),
  };
  const identity = isOurs('AUTH_JWKS_URL') ? {} : { AUTH_JWT_SECRET };
  const settings = { ...others, ...identity, ...Object.fromEntries(ours) };
  const parsed = parseConfig(settings, subject.target.isMount);
  return parsed.kind === 'valid' ? parsed.config : undefined;
}

function publicOriginOf(subject: SettingsSource): string {
  const alone = configOf(subject, (key) => key === 'PUBLIC_ORIGIN');
  return alone?.publicOrigin ?? 'https://unseen.invalid';
}

export type Mode = 'live' | 'test';

export const modeOf = (secretKey: string): Mode => (isLiveKey(secretKey) ? 'live' : 'test');

/** Stripe's dashboard in this mode. */
export const dashboardOf = (mode: Mode) =>
  mode === 'live' ? 'https://dashboard.stripe.com' : 'https://dashboard.stripe.com/test';
