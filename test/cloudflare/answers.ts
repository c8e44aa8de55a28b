import type { Context } from 'hono';

export const succeed = (c: Context, result: unknown, info?: object) =>
  c.json({ success: true, errors: [], messages: [], result, result_info: info });

export const refuse = (
  c: Context,
  status: 400 | 403 | 404 | 429 | 500,
  code: number,
  message: string,
) => c.json({ success: false, errors: [{ code, message }], messages: [], result: null }, status);
