import type { Stripe } from 'stripe';
import { parseConfig, type Config } from './config/config.ts';
import type { PortalLinkEnv } from './config/environment.ts';
import type { ConfigProblem } from './errors/billing-error.ts';
import { createStores, type Stores } from './customers/stores/index.ts';
import type { EmailSignIn } from './mail/deliver.ts';
import { EMAIL_SIGN_IN_NEEDS } from './mail/needs.ts';
import { createIdentify, type Identify } from './identity/identify.ts';
import { createProvider, type Provider } from './identity/provider.ts';
import { createSignIn, type SignInAtProvider } from './identity/sign-in.ts';
import type { AskSite } from './identity/site.ts';
import { createLimits, type Limits } from './limits.ts';
import { createLinkKeys, type LinkKeys } from './links/keys.ts';
import { createLinkStore, type LinkStore } from './links/store.ts';
import { once } from './once.ts';
import { createStripe } from './stripe/client.ts';

/** What requests work with: built from the environment once per isolate. */
export type Services = {
  config: Config;
  stripe: Stripe;
  /** The client for webhooks: Stripe's rate limit is the visitors' first. */
  yieldingStripe: () => Stripe;
  identify: Identify;
  /** Undefined where the site is not asked who a visitor is. */
  askSite: AskSite | undefined;
  /** Undefined where the site signs people in. */
  signIn: SignInAtProvider | undefined;
  stores: Stores;
  limits: Limits;
  linkKeys: LinkKeys;
  links: LinkStore;
  /** Undefined where no e-mail binding is configured. */
  emailSignIn: EmailSignIn | undefined;
};

export type ServicesResult =
  | { kind: 'ready'; services: Services }
  | { kind: 'misconfigured'; problems: ConfigProblem[] };

const results = new WeakMap<PortalLinkEnv, ServicesResult>();
const hostedResults = new WeakMap<PortalLinkEnv, ServicesResult>();

/**
 * The Workers runtime hands every request of an isolate the same `env`.
 *
 * @param isHosted  the code around us says who asks: the host of a mount, or another Worker
 */
export function getServices(env: PortalLinkEnv, isHosted = false): ServicesResult {
  const known = isHosted ? hostedResults : results;
  let result = known.get(env);
  if (!result) {
    result = build(env, isHosted);
    known.set(env, result);
  }
  return result;
}

function build(env: PortalLinkEnv, isHosted: boolean): ServicesResult {
  const parsed = parseConfig({ ...env }, isHosted);
  if (parsed.kind === 'invalid') return { kind: 'misconfigured', problems: parsed.problems };
  const { config } = parsed;
  const email = emailSignInOf(env, config);
  if (email.kind === 'incomplete') return { kind: 'misconfigured', problems: email.problems };
  const provider = providerOf(config);
  return {
    kind: 'ready',
    services: {
      config,
      stripe: createStripe(config.stripe),
      yieldingStripe: once(() => createStripe(config.stripe, { yields: true })),
      identify: createIdentify(config.auth, provider),
      askSite: askSiteOf(env, config),
      signIn: provider && createSignIn(config, provider),
      stores: createStores(env.DB),
      limits: createLimits(env),
      linkKeys: createLinkKeys(config.linkSecrets),
      links: createLinkStore(env.DB),
      emailSignIn: email.kind === 'on' ? email.emailSignIn : undefined,
    },
  };
}

/** The binding SITE leads to the site's Worker past the network. */
function askSiteOf({ SITE }: PortalLinkEnv, { auth }: Config): AskSite | undefined {
  const { site, claims } = auth;
  if (!site) return undefined;
  const fetcher: typeof fetch = async (input, init) =>
    SITE ? SITE.fetch(input, init) : fetch(input, init);
  const ask = once(async () =>
    (await import('./identity/site.ts')).createSite(site, claims, fetcher),
  );
  return async (...question) => (await ask())(...question);
}

/** Whose metadata is needed: for its keys, and to sign people in there. */
function providerOf({ auth }: Config): Provider | undefined {
  const isNeeded = auth.keys.kind === 'discovered' || auth.oidc !== undefined;
  return isNeeded && auth.issuer !== undefined ? createProvider(auth.issuer) : undefined;
}

/** The binding EMAIL turns signing in by e-mail on. It then needs the rest, too. */
function emailSignInOf(
  { EMAIL, SIGN_IN_BY_ADDRESS, SIGN_IN_BY_CLIENT }: PortalLinkEnv,
  { emailFrom, linkSecrets }: Config,
):
  | { kind: 'off' }
  | { kind: 'on'; emailSignIn: EmailSignIn }
  | { kind: 'incomplete'; problems: ConfigProblem[] } {
  if (!EMAIL) return { kind: 'off' };
  const [LINK_SECRET] = linkSecrets;
  const given = { EMAIL_FROM: emailFrom, LINK_SECRET, SIGN_IN_BY_ADDRESS, SIGN_IN_BY_CLIENT };
  const missing = EMAIL_SIGN_IN_NEEDS.filter((name) => given[name] === undefined);
  if (!emailFrom || !SIGN_IN_BY_ADDRESS || !SIGN_IN_BY_CLIENT || missing.length > 0) {
    const remedy = 'signing in by e-mail needs it: add it, or remove the binding EMAIL.';
    return { kind: 'incomplete', problems: missing.map((key) => ({ key, remedy })) };
  }
  const limits = { byAddress: SIGN_IN_BY_ADDRESS, byClient: SIGN_IN_BY_CLIENT };
  return { kind: 'on', emailSignIn: { binding: EMAIL, sender: emailFrom, limits } };
}
