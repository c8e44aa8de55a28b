import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type * as v from 'valibot';
import { BillingError } from '../errors/billing-error.ts';
import type { AppEnv } from './context.ts';
import { fieldsOf, type Fields } from './fields.ts';

type Body<Schema extends Fields> = {
  in: { json: v.InferInput<Schema> };
  out: { json: v.InferOutput<Schema> };
};

/** Reads the body for the handler. It has the type of Hono's validators, for the typed client. */
export const jsonBody = <Schema extends Fields>(schema: Schema) =>
  createMiddleware<AppEnv, string, Body<Schema>>(async (c, next) => {
    c.req.addValidatedData('json', await readJson(c, schema));
    return next();
  });

type Query<Schema extends Fields> = {
  in: { query: v.InferInput<Schema> };
  out: { query: v.InferOutput<Schema> };
};

/** The same for the query. A parameter that is there twice has no one value, and is refused. */
export const validQuery = <Schema extends Fields>(schema: Schema) =>
  createMiddleware<AppEnv, string, Query<Schema>>(async (c, next) => {
    const given = Object.entries(c.req.queries()).map(([name, values]) => [
      name,
      values.length === 1 ? values[0] : values,
    ]);
    c.req.addValidatedData('query', fieldsOf(schema, Object.fromEntries(given), 'query'));
    return next();
  });

/**
 * The body, as the schema describes it. No body counts as an empty object.
 *
 * @throws BillingError `request_invalid`, with each wrong field
 */
async function readJson<Schema extends Fields>(
  c: Context,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const text = decode(await c.req.arrayBuffer());
  return fieldsOf(schema, text === '' ? {} : parseJson(text), 'body');
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
