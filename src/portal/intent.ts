import * as v from 'valibot';
import { FLOWS } from './flow.ts';

const text = (must: string) => v.optional(v.pipe(v.string(must), v.nonEmpty(must)));

const price = 'must be a price id, such as price_123.';
const quantity = 'must be a whole number of at least 1.';

/** What a visitor wants of the portal. The API takes it as JSON, the link and the page as text. */
export const Intent = v.strictObject({
  customer: text('must be a customer id, such as cus_123.'),
  flow: v.optional(v.picklist(FLOWS, `must be one of ${FLOWS.join(', ')}.`)),
  subscription: text('must be a subscription id, such as sub_123.'),
  // Stripe compares it with the products of the portal's settings.
  price: v.optional(v.pipe(v.string(price), v.regex(/^[\w-]{1,255}$/, price))),
  quantity: v.optional(v.pipe(v.number(quantity), v.integer(quantity), v.minValue(1, quantity))),
  return_to: text('must be a path, or an address on this or an allowed origin.'),
  locale: text('must be a language tag, such as de or pt-BR.'),
});

/** Nothing in it is trusted: the ids must be the visitor's own, and the address allowed. */
export type Intent = v.InferOutput<typeof Intent>;

/** Reads a query or a form, and ignores invalid fields: a link is never refused. */
export function lenientIntent(fields: Record<string, unknown>): Intent {
  if (Object.keys(fields).length === 0) return {};
  const intent: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(Intent.entries)) {
    const given = name === 'quantity' ? Number(fields[name] ?? Number.NaN) : fields[name];
    const result = v.safeParse(schema, given);
    if (result.success) intent[name] = result.output;
  }
  return v.parse(Intent, intent);
}
