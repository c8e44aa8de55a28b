import type { Context } from 'hono';
import { DEFAULT_COLOR } from '../config/brand-entries.ts';
import { isPassing } from '../errors/meaning.ts';
import type { Frame } from '../pages/frame.ts';
import { chooseLocale } from '../pages/locale.ts';
import { fieldsOf } from '../portal/intent.ts';
import { intentIn } from './addresses.ts';
import { configIfAny, type AppEnv } from './context.ts';
import { servicesFor } from './host.ts';
import { nonceOf } from './headers.ts';
import { askedLocale } from './language.ts';

/** The frame of a page. It has defaults for when the configuration is not valid. */
export async function frameOf(c: Context<AppEnv>): Promise<Frame> {
  const config = configIfAny(c);
  // The footer's list asks at the page's own address, wherever the page leads.
  const goal = new URL(c.var.goal ?? '', c.req.url).searchParams.get('locale') ?? undefined;
  const asked = askedLocale(c, c.req.query('locale') ?? goal);
  return {
    brand: { ...nameAndColor(c), homeUrl: config?.brand.homeUrl, logo: config?.brand.logo },
    legalLinks: config?.brand.legalLinks ?? [],
    supportUrl: config?.supportUrl,
    locale: await chooseLocale(asked, c.req.header('accept-language')),
    nonce: nonceOf(c),
    repeat: repeatOf(c),
  };
}

/** As configured, also where a request is refused before anything else is known of it. */
function nameAndColor(c: Context<AppEnv>) {
  const result = servicesFor(c);
  const config = result.kind === 'ready' ? result.services.config : undefined;
  const name = config?.brand.name ?? new URL(config?.publicOrigin ?? c.req.url).hostname;
  return { name, color: config?.brand.color ?? DEFAULT_COLOR };
}

// What each page is about. Ids in an address may be anybody's: the page adds those of the visitor,
// or of the link that they opened.
const ABOUT: Record<string, string[]> = {
  '/billing': ['flow', 'price', 'quantity', 'return_to'],
  '/billing/switch': ['to'],
  '/billing/sign-in': ['to', 'email', 'sent'],
};

/**
 * What the list of languages asks for. A page is asked for again. So is a signed link's, which is
 * an answer to its form as well, or to one that failed for now: there, the token is on the page
 * already, and asked for by the address that the link came with. After other forms, and faults of
 * the permanent link, which leads to Stripe the next time, it is the page before. Who has yet to
 * sign in keeps the ids that they came with. What was typed stays out of it, because addresses of
 * pages are kept in histories and logs.
 */
function repeatOf(c: Context<AppEnv>): Frame['repeat'] {
  const { searchParams, pathname } = new URL(c.req.url);
  const fault = c.get('trace').fault;
  const { form } = c.var;
  // On the page of a fault, a token that came by the address stands nowhere.
  const given = !fault && pathname === '/billing/manage' ? searchParams.get('token') : undefined;
  const token = form?.['token'] ?? given;
  if (typeof token === 'string' && (!fault || isPassing(fault))) {
    return { action: '/billing/manage', fields: [['token', token]] };
  }
  if (fault?.code === 'address_not_found') return { fields: [] };
  const isForm = c.req.method !== 'GET';
  const before = pathname === '/billing/sign-in' ? pathname : '/billing';
  const isAsked = !isForm && ABOUT[pathname] !== undefined;
  const page = isAsked ? pathname : before;
  const action = isAsked ? undefined : before;
  if (page === '/billing' && c.var.goal !== undefined) {
    return { action, fields: fieldsOf(intentIn(c, c.var.goal)) };
  }
  const about = ABOUT[page] ?? [];
  const asked = isForm ? Object.entries(form ?? {}) : [...searchParams];
  const fields = asked.filter(
    (field): field is [string, string] => about.includes(field[0]) && typeof field[1] === 'string',
  );
  return { action, fields };
}
