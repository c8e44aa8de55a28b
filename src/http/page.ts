import type { Context } from 'hono';
import { DEFAULT_COLOR } from '../config/brand-entries.ts';
import type { Frame } from '../pages/frame.ts';
import { chooseLocale } from '../pages/locale.ts';
import { configIfAny, type AppEnv } from './context.ts';
import { servicesFor } from './host.ts';
import { nonceOf } from './headers.ts';
import { askedLocale } from './language.ts';

/** The frame of a page. It has defaults for when the configuration is not valid. */
export function frameOf(c: Context<AppEnv>): Frame {
  const config = configIfAny(c);
  // The footer's list asks at the page's own address, wherever the page leads.
  const goal = new URL(c.var.goal ?? '', c.req.url).searchParams.get('locale') ?? undefined;
  const asked = askedLocale(c, c.req.query('locale') ?? goal);
  return {
    brand: { ...nameAndColor(c), homeUrl: config?.brand.homeUrl, logo: config?.brand.logo },
    legalLinks: config?.brand.legalLinks ?? [],
    supportUrl: config?.supportUrl,
    locale: chooseLocale(asked, c.req.header('accept-language')),
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

const PAGES = new Set(['/billing', '/billing/switch', '/billing/sign-in']);
// What a page is about. Ids in an address may be anybody's: the page adds those of the visitor.
const PARAMETERS = new Set(['flow', 'price', 'quantity', 'return_to', 'to', 'email', 'sent']);

/**
 * What the list of languages asks for. A page is asked for again. So is a signed link's, which is
 * an answer to its form as well, and repeats the token on no other page. After other forms, and
 * faults of the permanent link, which leads to Stripe the next time, it is the page before.
 */
function repeatOf(c: Context<AppEnv>): Frame['repeat'] {
  const { searchParams, pathname } = new URL(c.req.url);
  const fault = c.get('trace').fault;
  const token = c.var.form?.['token'] ?? searchParams.get('token');
  if (pathname === '/billing/manage' && !fault && typeof token === 'string') {
    return { action: pathname, fields: [['token', token]] };
  }
  const isForm = c.req.method !== 'GET';
  const isAsked = !isForm && (PAGES.has(pathname) || fault?.code === 'address_not_found');
  const before = pathname === '/billing/sign-in' ? pathname : '/billing';
  const given = isForm ? Object.entries(c.var.form ?? {}) : [...searchParams];
  const fields = given.filter(
    (field): field is [string, string] => PARAMETERS.has(field[0]) && typeof field[1] === 'string',
  );
  return { action: isAsked ? undefined : before, fields };
}
