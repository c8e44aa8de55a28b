import type { Stripe } from 'stripe';
import { parseConfig, type Config, type ConfigProblem } from './config.ts';
import { createCustomerStore, type CustomerStore } from './customers/store.ts';
import { createTokenVerifier, type VerifyToken } from './identity/jwt.ts';
import { createLimits, type Limits } from './limits.ts';
import { createStripe } from './stripe/client.ts';

/** What requests work with: built from the environment once per isolate. */
export type Services = {
  config: Config;
  stripe: Stripe;
  verifyToken: VerifyToken;
  customers: CustomerStore;
  limits: Limits;
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
  return {
    kind: 'ready',
    services: {
      config,
      stripe: createStripe(config.stripe),
      verifyToken: createTokenVerifier(config.auth),
      customers: createCustomerStore(env.DB),
      limits: createLimits(env),
    },
  };
}
