import { command } from '../../../commands.ts';
import type { Stripe } from 'stripe';
import type { StripeContext } from '../context.ts';
import type { Answers } from './answers.ts';
import { keysIn, type KeyUse } from './metadata-keys.ts';

const PAGES = 50;
const PER_PAGE = 100;
// From this share on, the key in use is taken to be the right one.
const ENOUGH = 0.5;
const KEY = 'CUSTOMER_METADATA_KEY';
const MOST_OFFERED = 4;

type Said = Pick<Answers, 'settings' | 'open'>;
const NOTHING: Said = { settings: {}, open: [] };

/**
 * Looks at the newest customers at Stripe for what names the site's users, and asks if another key
 * than the one in use does. Changes nothing.
 */
export async function askHowCustomersAreKnown({
  dialogue,
  callStripe,
  target,
}: Pick<StripeContext, 'dialogue' | 'callStripe' | 'target'>): Promise<Said> {
  const used = target.variables[KEY] || 'user_id';
  const customers = await dialogue.working('Looking at your newest customers', async () =>
    callStripe(newestCustomers),
  );
  if (customers.length === 0) {
    return {
      settings: {},
      open: [`Stripe has no customer yet. Write your user’s id into each one’s metadata.${used}.`],
    };
  }
  const keys = keysIn(customers);
  const current = keys.find(({ key }) => key === used);
  const share = (current?.count ?? 0) / customers.length;
  dialogue.say(
    `metadata.${used} is on ${shown(share)} of the ${customers.length} newest customers.`,
  );
  if (share >= ENOUGH) return NOTHING;
  const better = keys.filter(
    ({ looksLikeId, count }) => looksLikeId && count > (current?.count ?? 0),
  );
  const chosen = await dialogue.choose('How do your customers know their user?', [
    ...better.slice(0, MOST_OFFERED).map((each) => offer(each, customers.length)),
    { value: 'email', label: 'By their verified e-mail address', hint: 'LINK_BY_EMAIL' },
    { value: 'import', label: 'A file will say it', hint: command('customer', '--import') },
    {
      value: 'write',
      label: `We will write metadata.${used}`,
      hint: 'or client_reference_id in Checkout',
    },
  ]);
  return consequences(chosen, used, better, customers.length);
}

const shown = (share: number) => `${Math.floor(share * 100)}%`;

const offer = ({ key, count, shape }: KeyUse, all: number) => ({
  value: `metadata.${key}`,
  label: `metadata.${key}: on ${shown(count / all)}`,
  hint: shape,
});

async function newestCustomers(stripe: Stripe): Promise<Stripe.Customer[]> {
  const list = stripe.customers.list({ limit: PER_PAGE });
  return list.autoPagingToArray({ limit: PAGES * PER_PAGE });
}

function consequences(
  chosen: string | undefined,
  used: string,
  better: KeyUse[],
  all: number,
): Said {
  if (chosen === 'email') return { settings: { LINK_BY_EMAIL: 'true' }, open: [] };
  if (chosen === 'import') {
    return {
      settings: {},
      open: [
        `Import which user each customer belongs to: \`${command('customer', '--remote --import FILE.csv')}\`.`,
      ],
    };
  }
  const key = chosen?.startsWith('metadata.') ? chosen.slice('metadata.'.length) : undefined;
  if (key !== undefined) return { settings: { [KEY]: key }, open: [] };
  const [best] = better;
  const advice =
    chosen === undefined && best
      ? ` metadata.${best.key} is on ${shown(best.count / all)} and looks like an id: if it is your user’s, set ${KEY} to it.`
      : '';
  return {
    settings: {},
    open: [
      `Few customers at Stripe name your user: write your user’s id into metadata.${used}.${advice}`,
    ],
  };
}
