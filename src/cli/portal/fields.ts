import * as v from 'valibot';

/** The values that Stripe's client knows for an enum; it leaves room for others. */
export type Known<Value> = Value extends string ? (string extends Value ? never : Value) : never;

export type Item<List> = Extract<List, readonly unknown[]>[number];

/** What is missing in a list, as a type that no list has. */
type Complete<Value, List extends readonly unknown[]> = [Exclude<Value, List[number]>] extends [
  never,
]
  ? unknown
  : { missing: Exclude<Value, List[number]> };

/**
 * A table of portal.toml with exactly the fields that Stripe's client has for it. A version of the
 * client that has one more fails the type check where this is called.
 */
export const table =
  <Params extends object>() =>
  <const Entries extends Record<keyof Params, v.GenericSchema>>(
    entries: Entries & Record<Exclude<keyof Entries, keyof Params>, never>,
  ) =>
    strict(entries);

/** A table that is the file's own, and not Stripe's. */
export const strict = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.strictObject(entries, ({ expected }) => {
    if (expected === 'never') return `there is no such field; use ${listed(Object.keys(entries))}`;
    return expected === 'Object' ? 'write a table' : 'it is missing';
  });

/** One of Stripe's values, all of which must be listed, or the type check fails. */
export const oneOf =
  <Value>() =>
  <const List extends readonly Known<Value>[]>(list: List & Complete<Known<Value>, List>) =>
    v.picklist<List, string>(list, `use one of ${listed(list.map(quote))}`);

export const flag = v.boolean('write true or false');

export const text = v.string('write a text in quotes');

export const listOf = <Entry extends v.GenericSchema>(entry: Entry) =>
  v.array(entry, 'write a list: […]');

export const page = v.pipe(
  text,
  v.check(
    (value) => value === '' || URL.parse(value)?.protocol === 'https:',
    'give an https address, or "" for none',
  ),
);

/** A whole number from `minimum` on. */
export const count = (minimum: number) => {
  const message = `write a whole number from ${minimum} on`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(minimum, message));
};

const quote = (value: string) => `"${value}"`;

const listed = (values: readonly string[]) => values.join(', ');
