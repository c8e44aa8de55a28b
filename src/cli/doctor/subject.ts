import { parseConfig, type Config } from '../../config/config.ts';
import type { ConfigProblem } from '../../errors/billing-error.ts';
import { isLiveKey } from '../../config/settings.ts';
import type { PortalFile } from '../portal/file.ts';
import type { Target } from '../target.ts';
import type { Wrangler } from '../wrangler.ts';

/** What is examined, and with which tools. */
export type Subject = {
  target: Target;
  /** Where the Worker is deployed, if that was said. */
  url: URL | undefined;
  /** The customer to make a session for, if one was named. */
  customer: string | undefined;
  portalFile: PortalFile | undefined;
  /** Secrets that Cloudflare keeps for the Worker, and shows to nobody. */
  stored: ReadonlySet<string>;
  wrangler: Wrangler;
  now: Date;
};

// In the shape of the real ones, for settings that cannot be read without any.
const UNSEEN: Readonly<Record<string, string>> = {
  STRIPE_SECRET_KEY: 'sk_test_unseen0000',
  STRIPE_WEBHOOK_SECRET: 'whsec_unseen',
  AUTH_JWT_SECRET: 'unseen'.repeat(8),
  LINK_SECRET: 'unseen'.repeat(8),
  LINK_API_KEY: 'unseen'.repeat(8),
  TURNSTILE_SECRET_KEY: 'unseen'.repeat(8),
};

/** Of what is examined, the part that settings come from. */
type Known = Pick<Subject, 'target' | 'stored'>;

/** The Worker's environment; what only Cloudflare sees is taken to be right. */
export function environmentOf({ target, stored }: Known): Record<string, string> {
  const unseen = Object.entries(UNSEEN).filter(([name]) => stored.has(name));
  return { ...Object.fromEntries(unseen), ...target.variables };
}

/** What config.ts says of these settings. */
export function problemsOf(subject: Known, isOurs: (key: string) => boolean): ConfigProblem[] {
  const parsed = parseConfig(environmentOf(subject));
  return parsed.kind === 'invalid' ? parsed.problems.filter(({ key }) => isOurs(key)) : [];
}

/** The configuration as far as these settings go, however wrong the others are. */
export function configOf(subject: Known, isOurs: (key: string) => boolean): Config | undefined {
  const environment = environmentOf(subject);
  const ours = Object.entries(environment).filter(([key]) => isOurs(key));
  const { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, AUTH_JWT_SECRET } = UNSEEN;
  const others = { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET };
  const identity = isOurs('AUTH_JWKS_URL') ? {} : { AUTH_JWT_SECRET };
  const parsed = parseConfig({ ...others, ...identity, ...Object.fromEntries(ours) });
  return parsed.kind === 'valid' ? parsed.config : undefined;
}

export const modeOf = (secretKey: string) => (isLiveKey(secretKey) ? 'live' : 'test');

/** Where this key's things are in Stripe's dashboard. */
export const dashboardOf = (mode: 'live' | 'test') =>
  mode === 'live' ? 'https://dashboard.stripe.com' : 'https://dashboard.stripe.com/test';

/** The origin that Stripe and visitors reach the Worker at, as far as it is known. */
export function originOf(subject: Subject): string | undefined {
  return subject.url?.origin ?? configOf(subject, (key) => key === 'PUBLIC_ORIGIN')?.publicOrigin;
}
