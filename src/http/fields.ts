import * as v from 'valibot';
import { BillingError } from '../errors/billing-error.ts';

export type Fields = v.GenericSchema<object, object> & { entries: Record<string, v.GenericSchema> };

/** What each kind of input is called, and what else there can be in it. */
const INPUTS = {
  body: 'The body must be a JSON object with no other keys than',
  query: 'The query has no other parameters than, each once',
  argument: 'The argument must be an object with no other keys than',
};

/**
 * The fields, as the schema describes them.
 *
 * @throws BillingError `request_invalid`, with each wrong field
 */
export function fieldsOf<Schema extends Fields>(
  schema: Schema,
  value: unknown,
  input: keyof typeof INPUTS,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const known = Object.keys(schema.entries).join(', ');
  const details = result.issues.map((issue) =>
    issue.type === 'strict_object'
      ? `${INPUTS[input]}: ${known}.`
      : `${v.getDotPath(issue)}: ${issue.message}`,
  );
  throw new BillingError('request_invalid', `The ${input} does not fit its schema.`, {
    detail: [...new Set(details)].join(' '),
  });
}
