import { OperatorProblem } from '../problem.ts';
import { setRoutes } from '../routes.ts';
import { CONFIG_FILE, type Target } from '../target.ts';
import { addressOf, onlyAddress } from './address.ts';
import type { CloudflareAccount } from './cloudflare.ts';
import { setSetting, settingsPlace, type Context, type Key, type Surroundings } from './context.ts';
import type { Answers, Values } from './interview/answers.ts';
import { interview, isIdentitySettled } from './interview/index.ts';
import { askHowCustomersAreKnown } from './interview/mapping.ts';

/** Where `npm run dev` serves the Worker. */
const LOCAL = 'http://localhost:8787';

const NONE: Answers = { settings: {}, secrets: {}, routes: [], open: [] };

/**
 * Learns what no setting says: how people sign in, where the Worker is, how Stripe knows its
 * customers' users. Changes nothing.
 *
 * @param option  --url
 */
export async function learn(
  context: Surroundings,
  key: Pick<Key, 'account' | 'callStripe'>,
  cloudflare: CloudflareAccount | undefined,
  option: string | undefined,
): Promise<Answers & { url: URL | undefined }> {
  const visitors = await learnVisitors(context, cloudflare, option);
  // Once it is set up with this account, the mapping is settled, too.
  if (key.account.kind === 'same' || isMappingSettled(context.target)) return visitors;
  const mapping = await askHowCustomersAreKnown({ ...context, ...key });
  return {
    ...visitors,
    settings: { ...visitors.settings, ...mapping.settings },
    open: [...visitors.open, ...mapping.open],
  };
}

async function learnVisitors(
  context: Surroundings,
  cloudflare: CloudflareAccount | undefined,
  option: string | undefined,
): Promise<Answers & { url: URL | undefined }> {
  const { target, dialogue } = context;
  if (isIdentitySettled(context)) {
    return { ...NONE, url: await addressOf(target, option, cloudflare?.subdomain, dialogue) };
  }
  const isLocal = target.place === 'local';
  const known = onlyAddress(target, option) ?? (isLocal ? LOCAL : undefined);
  const said = await interview({ ...context, cloudflare }, known);
  if (!said) {
    return { ...NONE, url: await addressOf(target, option, cloudflare?.subdomain, dialogue) };
  }
  const { origin, settings, ...others } = said;
  if (!isLocal) return { ...others, settings, url: new URL(origin) };
  // A client of a provider has to know its own address, on this machine, too.
  const own: Values = settings['AUTH_CLIENT_ID'] ? { PUBLIC_ORIGIN: origin } : {};
  const url = option === undefined ? undefined : new URL(origin);
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

/** Writes the answers into the settings of this Worker. Returns the number of changes. */
export async function settleAnswers(
  { dialogue, target }: Context,
  { settings, routes }: Answers,
): Promise<number> {
  let changes = 0;
  const entries = Object.entries(settings);
  if (entries.length > 0) {
    changes += 1;
    for (const [name, value] of entries) dialogue.say(`  ${name} = "${value}"`);
    if (await dialogue.decide(`Write this to ${settingsPlace(target)}`)) {
      for (const [name, value] of entries) setSetting(target, name, value);
    }
  }
  if (routes.length === 0) return changes;
  const patterns = routes.map(({ pattern }) => pattern).join(', ');
  if (await dialogue.decide(`Set the Worker’s routes in ${CONFIG_FILE}: ${patterns}`)) {
    setRoutes(target.directory, target.environment, routes);
  }
  return changes + 1;
}

/** @throws OperatorProblem if no setting says how visitors are recognised */
export function refuseUnsettled(context: Pick<Context, 'target' | 'deployed'>): void {
  if (context.target.place === 'local' || isIdentitySettled(context)) return;
  throw new OperatorProblem(
    `No setting says how people sign in, so the Worker would recognise nobody. Run setup in a terminal without --yes, which asks; or copy a recipe of src/identity/README.md into ${settingsPlace(context.target)}. Nothing was changed.`,
  );
}
