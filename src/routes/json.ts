import type { Context } from 'hono';
import * as v from 'valibot';
import { BillingError } from '../errors.ts';

type ObjectSchema = v.GenericSchema & { entries: Record<string, v.GenericSchema> };

/**
 * The body as the schema has it; no body is an empty object.
 *
 * @throws BillingError `request_invalid`, which names each field that is wrong
 */
export async function readJson<Schema extends ObjectSchema>(
  c: Context,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const text = await c.req.text();
  const result = v.safeParse(schema, text === '' ? {} : parseJson(text));
  if (result.success) return result.output;
  const known = Object.keys(schema.entries).join(', ');
  const details = result.issues.map((issue) =>
    issue.type === 'strict_object'
      ? `The body must be a JSON object with no other keys than: ${known}.`
      : `${v.getDotPath(issue)}: ${issue.message}`,
  );
  throw new BillingError('request_invalid', 'The body does not fit its schema.', {
    detail: [...new Set(details)].join(' '),
  });
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? null : value; // Valibot takes an array for an object.
  } catch {
    throw new BillingError('request_invalid', 'The body is not JSON.', {
      detail: 'The body is not valid JSON.',
    });
  }
}
