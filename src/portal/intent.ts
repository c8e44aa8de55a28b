import * as v from 'valibot';
import { FLOWS, type Flow } from './flow.ts';
import { LONGEST_RETURN_URL } from './return-url.ts';

// https://docs.stripe.com/upgrades#what-changes-does-stripe-consider-to-be-backwards-compatible
const LONGEST_ID = 255;
// RFC 5646 §4.4.1 asks for room for so many characters.
const LONGEST_LOCALE = 35;
const LARGEST_QUANTITY = 999_999_999;

/** What a link can open: a flow of the portal, or the page of an open invoice. */
export const GOALS = [...FLOWS, 'pay'] as const;
export type Goal = (typeof GOALS)[number];

const text = (longest: number, must: string) =>
  v.optional(v.pipe(v.string(must), v.nonEmpty(must), v.maxLength(longest, must)));

const price = 'must be a price id, such as price_123.';
const quantity = `must be a whole number from 1 to ${LARGEST_QUANTITY}.`;

/** What a visitor wants. The API takes it as JSON, the link and the page as text. */
export const Intent = v.strictObject({
  customer: text(LONGEST_ID, 'must be a customer id, such as cus_123.'),
  flow: v.optional(v.picklist(GOALS, `must be one of ${GOALS.join(', ')}.`)),
  subscription: text(LONGEST_ID, 'must be a subscription id, such as sub_123.'),
  invoice: text(LONGEST_ID, 'must be an invoice id, such as in_123.'),
  // Stripe compares it with the products of the portal's settings.
  price: v.optional(v.pipe(v.string(price), v.regex(/^[\w-]{1,255}$/, price))),
  quantity: v.optional(
    v.pipe(
      v.number(quantity),
      v.integer(quantity),
      v.minValue(1, quantity),
      v.maxValue(LARGEST_QUANTITY, quantity),
    ),
  ),
  return_to: text(
    LONGEST_RETURN_URL,
    `must be a path, or an address on this or an allowed origin, of up to ${LONGEST_RETURN_URL} characters.`,
  ),
  locale: text(LONGEST_LOCALE, 'must be a language tag, such as de or pt-BR.'),
});

/** Nothing in it is trusted: the ids must be the visitor's own, and the address allowed. */
export type Intent = v.InferOutput<typeof Intent>;

/** What a visitor wants of the portal. */
export type PortalIntent = Omit<Intent, 'flow' | 'invoice'> & { flow?: Flow | undefined };

/** What opens in place of an invoice. */
export function withoutPaying({ invoice: _, flow, ...intent }: Intent): PortalIntent {
  return { ...intent, flow: flow === 'pay' ? undefined : flow };
}

/** The same as fields of a form, or of the query of an address. */
export function fieldsOf(intent: Intent): [name: string, value: string][] {
  const given = Object.entries(intent).filter(([, value]) => value !== undefined);
  return given.map(([name, value]) => [name, String(value)]);
}

/** One of our addresses with what the visitor came to do. */
export function withIntent(path: '/billing' | '/billing/manage', intent: Intent): string {
  const query = new URLSearchParams(fieldsOf(intent)).toString();
  return query === '' ? path : `${path}?${query}`;
}

/** The page that asks which one, and continues with the same intent. */
export const chooserFor = (intent: Intent) => withIntent('/billing', intent);

/** Reads a query or a form, and ignores invalid fields: a link is never refused. */
export function lenientIntent(fields: Record<string, unknown>): Intent {
  if (Object.keys(fields).length === 0) return {};
  const intent: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(Intent.entries)) {
    const given = name === 'quantity' ? Number(fields[name] ?? Number.NaN) : fields[name];
    const result = v.safeParse(schema, given);
    if (result.success && result.output !== undefined) intent[name] = result.output;
  }
  return v.parse(Intent, intent);
}
