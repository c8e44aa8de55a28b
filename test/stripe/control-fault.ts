import type { Fault } from './faults.ts';

const numbers = ['times', 'after', 'delay', 'status'] as const;
const flags = ['cut', 'afterEffect'] as const;
const names = new Set<string>([
  ...numbers,
  ...flags,
  'path',
  'method',
  'body',
  'headers',
  'contentType',
]);

/** Reads a fault from JSON or a form, whose empty fields are as good as absent. */
export function readFault(input: Record<string, unknown>): Fault | string {
  const given = Object.entries(input).filter(([, value]) => value !== '');
  const unknown = given.find(([name]) => !names.has(name));
  if (unknown) return `A fault has no ${unknown[0]}.`;
  const fields = Object.fromEntries(given);
  const fault: Fault = {};
  for (const name of numbers) {
    if (fields[name] === undefined) continue;
    const value = Number(fields[name]);
    if (!Number.isInteger(value) || value < 0) return `${name} is a whole number.`;
    fault[name] = value;
  }
  for (const name of flags) {
    if (fields[name] !== undefined) fault[name] = isTrue(fields[name]);
  }
  for (const name of ['path', 'method', 'contentType'] as const) {
    const value = fields[name];
    if (value === undefined) continue;
    if (typeof value !== 'string') return `${name} is a string.`;
    fault[name] = value;
  }
  if (fields['body'] !== undefined) fault.body = fields['body'];
  const { headers } = fields;
  if (typeof headers === 'object' && headers !== null) {
    const pairs = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    fault.headers = Object.fromEntries(pairs);
  }
  if (fault.status !== undefined && (fault.status < 200 || fault.status > 599)) {
    return 'status is between 200 and 599.';
  }
  return fault;
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}
