import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { API_VERSION } from '../../src/stripe/client.ts';
import type { Contract } from './open.ts';
import type { Answer } from './raw.ts';

/** What of an answer is kept: nothing that names anybody, any account or any key. */
export type Recording = {
  version: string;
  date: string;
  status: number;
  error?: { type: string; code: string | null; param: string | null; message: string };
  /** The type of each field, by its path. */
  shape?: Record<string, string>;
};

const folder = () =>
  process.env['STRIPE_CONTRACT_RECORDED'] || join(import.meta.dirname, 'recorded');

/**
 * Against a sandbox, with STRIPE_CONTRACT_RECORD=1, records the answer under this name. On the
 * stand-in returns what was recorded, if anything was.
 */
export function recorded(
  { kind }: Pick<Contract, 'kind'>,
  name: string,
  answer: Pick<Answer, 'body' | 'status'>,
): Recording | undefined {
  const path = join(folder(), `${name.replaceAll(/\W+/g, '-')}.json`);
  if (kind === 'sandbox') {
    if (process.env['STRIPE_CONTRACT_RECORD'] !== '1') return undefined;
    mkdirSync(folder(), { recursive: true });
    writeFileSync(path, `${JSON.stringify(recordingOf(answer), null, 2)}\n`);
    return undefined;
  }
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

export function recordingOf({ status, body }: Pick<Answer, 'body' | 'status'>): Recording {
  const taken = { version: API_VERSION, date: new Date().toISOString().slice(0, 10), status };
  if (!body.error) return { ...taken, shape: shapeOf(body) };
  const { type, code = null, param = null, message } = body.error;
  return { ...taken, error: { type, code, param, message: scrubbed(message) } };
}

/** Ids, addresses and keys as what kind they are of. */
export function scrubbed(text: string): string {
  return text
    .replaceAll(/\b([rsp]k_(?:test|live))_[\w*]+/g, '$1_…')
    .replaceAll(/\b(cs_test|[a-z]{2,6})_(?=\w*\d|\w{14})\w+/g, '$1_…')
    .replaceAll(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, 'somebody@example.com')
    .replaceAll(/https?:\/\/[^\s"'`)]+/g, (url) => new URL(url).origin);
}

/** The type of each field; of a list's items the fields are gathered under `[]`. */
export function shapeOf(value: unknown, path = ''): Record<string, string> {
  if (Array.isArray(value)) {
    const items = value.map((item) => shapeOf(item, `${path}[]`));
    return Object.assign({ [path]: 'array' }, ...items);
  }
  if (typeof value !== 'object' || value === null) {
    return { [path]: value === null ? 'null' : typeof value };
  }
  // What an account may call as it likes is no part of the shape.
  if (path.endsWith('metadata')) return { [path]: 'object' };
  const fields = Object.entries(value).map(([name, inner]) =>
    shapeOf(inner, path === '' ? name : `${path}.${name}`),
  );
  return Object.assign(path === '' ? {} : { [path]: 'object' }, ...fields);
}

/** Fields that only one of them has, but for those of an object or a list that the other lacks. */
export function compareShapes(mine: Record<string, string>, theirs: Record<string, string>) {
  const only = (one: Record<string, string>, other: Record<string, string>) =>
    Object.keys(one).filter((path) => {
      const parent = path.slice(0, Math.max(path.lastIndexOf('.'), 0));
      const isComparable = parent === '' || other[parent] === 'object';
      return !(path in other) && !path.endsWith('[]') && isComparable;
    });
  return { lacking: only(theirs, mine), added: only(mine, theirs) };
}
