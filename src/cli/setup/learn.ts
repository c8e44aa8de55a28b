import type { Target } from '../target.ts';
import { addressOf, onlyAddress } from './address.ts';
import type { CloudflareAccount } from './cloudflare.ts';
import type { Key, Surroundings } from './context.ts';
import { isIdentitySettled } from './identity.ts';
import type { Answers, Values } from './interview/answers.ts';
import { interview } from './interview/index.ts';
import { askHowCustomersAreKnown } from './interview/mapping.ts';
import { routeTo } from './interview/route-to.ts';
import { keepInView } from './settle-answers.ts';

/** Where `npm run dev` serves the Worker. */
const LOCAL = 'http://localhost:8787';

type Options = { url?: string; linksOnly?: boolean };

/** What was said, and where the Worker is or will be. */
export type Learnt = Answers & { url: URL | undefined };

const NONE: Answers = { settings: {}, secrets: {}, routes: [], open: [] };

/**
 * Learns what no setting says: how people sign in, where the Worker is, how Stripe knows its
 * customers' users. Changes nothing.
 */
export async function learn(
  context: Surroundings,
  key: Pick<Key, 'account' | 'callStripe'>,
  cloudflare: CloudflareAccount | undefined,
  options: Options,
): Promise<Learnt> {
  const visitors = await learnVisitors(context, cloudflare, options);
  // Once it is set up with this account, the mapping is settled, too.
  if (key.account.kind === 'same' || isMappingSettled(context.target)) return visitors;
  const mapping = await askHowCustomersAreKnown({ ...context, ...key }).catch((error: unknown) => {
    keepInView(context, visitors);
    throw error;
  });
  return {
    ...visitors,
    settings: { ...visitors.settings, ...mapping.settings },
    open: [...visitors.open, ...mapping.open],
  };
}

async function learnVisitors(
  context: Surroundings,
  cloudflare: CloudflareAccount | undefined,
  { url: option, linksOnly = false }: Options,
): Promise<Learnt> {
  const { target, dialogue } = context;
  const asking = { ...context, cloudflare };
  const isLocal = target.place === 'local';
  const known = onlyAddress(target, option) ?? (isLocal ? LOCAL : undefined);
  const said = isIdentitySettled(context, linksOnly) ? undefined : await interview(asking, known);
  if (!said) {
    const url = await addressOf(target, option, cloudflare?.subdomain, dialogue);
    if (isLocal || !url) return { ...NONE, url };
    const { routes, open } = await routeTo(asking, url.origin);
    return { ...NONE, routes, open, url };
  }
  const { origin, settings, ...others } = said;
  // A client of a provider has to know its own address, on this machine, too.
  const needsOrigin = !isLocal || Boolean(settings['AUTH_CLIENT_ID']);
  const own: Values =
    needsOrigin && !target.variables['PUBLIC_ORIGIN'] ? { PUBLIC_ORIGIN: origin } : {};
  const url = isLocal && option === undefined ? undefined : new URL(origin);
  return { ...others, settings: { ...settings, ...own }, url };
}

function isMappingSettled({ variables }: Target): boolean {
  const key = variables['CUSTOMER_METADATA_KEY'] || 'user_id';
  return (
    key !== 'user_id' ||
    variables['LINK_BY_EMAIL'] === 'true' ||
    Boolean(variables['AUTH_CUSTOMER_CLAIM'])
  );
}
