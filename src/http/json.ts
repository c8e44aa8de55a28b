import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import * as v from 'valibot';
import { BillingError } from '../errors/billing-error.ts';
import type { AppEnv } from './context.ts';

type ObjectSchema = v.GenericSchema<object, object> & { entries: Record<string, v.GenericSchema> };

type Body<Schema extends ObjectSchema> = {
  in: { json: v.InferInput<Schema> };
  out: { json: v.InferOutput<Schema> };
};

/** Reads the body for the handler. It has the type of Hono's validators, for the typed client. */
export const jsonBody = <Schema extends ObjectSchema>(schema: Schema) =>
  createMiddleware<AppEnv, string, Body<Schema>>(async (c, next) => {
    c.req.addValidatedData('json', await readJson(c, schema));
    return next();
  });

/**
 * The body, as the schema describes it. No body counts as an empty object.
 *
 * @throws BillingError `request_invalid`, with each wrong field
 */
async function readJson<Schema extends ObjectSchema>(
  c: Context,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const text = decode(await c.req.arrayBuffer());
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

/** JSON is UTF-8 (RFC 8259 §8.1). A byte order mark in front is dropped. */
function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new BillingError('request_invalid', 'The body is not UTF-8.', {
      detail: 'Send the body in UTF-8.',
    });
  }
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
