import type { Stripe } from 'stripe';
import { parseConfig, type Config, type ConfigProblem } from './config/config.ts';
import { createCustomerStore, type CustomerStore } from './customers/store.ts';
import type { EmailSignIn } from './mail/deliver.ts';
import { EMAIL_SIGN_IN_NEEDS } from './mail/needs.ts';
import { createTokenVerifier, type VerifyToken } from './identity/jwt.ts';
import { createLimits, type Limits } from './limits.ts';
import { createLinkKeys, type LinkKeys } from './links/keys.ts';
import { createStripe } from './stripe/client.ts';

/** What requests work with: built from the environment once per isolate. */
export type Services = {
  config: Config;
  stripe: Stripe;
  verifyToken: VerifyToken;
  customers: CustomerStore;
  limits: Limits;
  linkKeys: LinkKeys;
  /** Undefined where no e-mail binding is configured. */
  emailSignIn: EmailSignIn | undefined;
};

export type Setup =
  | { kind: 'ready'; services: Services }
  | { kind: 'misconfigured'; problems: ConfigProblem[] };

const setups = new WeakMap<Env, Setup>();

/** The Workers runtime hands every request of an isolate the same `env`. */
export function setUp(env: Env): Setup {
  let setup = setups.get(env);
  if (!setup) {
    setup = build(env);
    setups.set(env, setup);
  }
  return setup;
}

function build(env: Env): Setup {
  const parsed = parseConfig({ ...env });
  if (parsed.kind === 'invalid') return { kind: 'misconfigured', problems: parsed.problems };
  const { config } = parsed;
  const email = emailSignInOf(env, config);
  if (email.kind === 'incomplete') return { kind: 'misconfigured', problems: email.problems };
  return {
    kind: 'ready',
    services: {
      config,
      stripe: createStripe(config.stripe),
      verifyToken: createTokenVerifier(config.auth),
      customers: createCustomerStore(env.DB),
      limits: createLimits(env),
      linkKeys: createLinkKeys(config.linkSecrets),
      emailSignIn: email.kind === 'on' ? email.emailSignIn : undefined,
    },
  };
}

type EmailBindings = {
  EMAIL?: SendEmail;
  SIGN_IN_BY_ADDRESS?: RateLimit;
  SIGN_IN_BY_CLIENT?: RateLimit;
};

/** Signing in by e-mail is on with the binding EMAIL, and then needs the rest, too. */
function emailSignInOf(
  { EMAIL, SIGN_IN_BY_ADDRESS, SIGN_IN_BY_CLIENT }: EmailBindings,
  { emailFrom, linkSecrets, brand }: Config,
):
  | { kind: 'off' }
  | { kind: 'on'; emailSignIn: EmailSignIn }
  | { kind: 'incomplete'; problems: ConfigProblem[] } {
  if (!EMAIL) return { kind: 'off' };
  const [LINK_SECRET] = linkSecrets;
  const given = { EMAIL_FROM: emailFrom, LINK_SECRET, SIGN_IN_BY_ADDRESS, SIGN_IN_BY_CLIENT };
  const missing = EMAIL_SIGN_IN_NEEDS.filter((name) => given[name] === undefined);
  if (!emailFrom || !SIGN_IN_BY_ADDRESS || !SIGN_IN_BY_CLIENT || missing.length > 0) {
    const remedy =
      'signing in by e-mail needs it: see the comments in wrangler.toml, or remove the binding EMAIL.';
    return { kind: 'incomplete', problems: missing.map((key) => ({ key, remedy })) };
  }
  const sender = { email: emailFrom, name: brand.name };
  const limits = { byAddress: SIGN_IN_BY_ADDRESS, byClient: SIGN_IN_BY_CLIENT };
  return { kind: 'on', emailSignIn: { binding: EMAIL, sender, limits } };
}
