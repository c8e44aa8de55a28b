import { invalid, missing } from './errors.ts';
import { emptyable, integer, isList, isObject, object, scalar, string } from './parameters.ts';
import { text } from './parameters.ts';
import { newId } from '../identifiers.ts';
import type { Rule, Values } from './parameters.ts';

export type MetadataPatch = Record<string, string>;

/** Keys to set; a key with an empty value is to be deleted. */
const metadataPairs: Rule<MetadataPatch> = (input, name) => {
  if (!isObject(input) && !isList(input)) throw invalid(name, 'Invalid object');
  const readValue = emptyable(text(500));
  const pairs = Object.entries(input).map(([key, value]) => {
    if (key.length > 40) {
      const message = `Metadata keys must be at most 40 characters long: ${key}`;
      throw invalid(name, message);
    }
    return [key, readValue(value, `${name}[${key}]`) ?? ''] as const;
  });
  if (pairs.length > 50) throw invalid(name, 'Metadata can have at most 50 keys.');
  return Object.fromEntries(pairs);
};

export const metadata = emptyable(metadataPairs);

/** Stripe merges metadata: absent keys stay, empty values delete, empty metadata clears. */
export function mergeMetadata(
  current: Record<string, string>,
  patch: MetadataPatch | null | undefined,
): Record<string, string> {
  if (patch === null) return {};
  const merged = Object.entries({ ...current, ...patch });
  return Object.fromEntries(merged.filter(([, value]) => value !== ''));
}

/** An absolute http(s) address. */
export const url: Rule<string> = (input, name) => checkUrl(scalar(input, name, 'string'), name);

export function checkUrl(value: string, name: string): string {
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(value)) {
    const message = 'Invalid URL: An explicit scheme (such as https) must be provided.';
    throw invalid(name, message, 'url_invalid');
  }
  // Seen with `param` and no code: https://github.com/vm0-ai/vm0/issues/25340
  if (value.length > 5000) throw invalid(name, 'Invalid URL: URL must be 5000 characters or less.');
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value;
  throw invalid(name, 'Not a valid URL', 'url_invalid');
}

const bounds = { gt: integer(), gte: integer(), lt: integer(), lte: integer() };
export type Range = Values<typeof bounds>;

/** A moment, or a range of moments, in seconds. */
export const range: Rule<Range> = (input, name) => {
  if (isObject(input)) return object(bounds)(input, name);
  const moment = integer()(input, name);
  return { gt: undefined, gte: moment, lt: undefined, lte: moment };
};

export function isWithin(moment: number, bounded: Range | undefined): boolean {
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = bounded ?? {};
  return moment > gt && moment >= gte && moment < lt && moment <= lte;
}

const DECLINED = 'pm_declined';

/**
 * A way to pay; `pm_card_…` stands for a new one, as Stripe's sandboxes have it. That of
 * `pm_card_chargeCustomerFail` can be kept, and is declined at each charge.
 */
export const paymentMethod: Rule<string> = (input, name) => {
  const id = scalar(input, name, 'string');
  if (id === 'pm_card_chargeCustomerFail') return newId(DECLINED);
  if (id.startsWith('pm_card_')) return newId('pm');
  if (id.startsWith('pm_')) return id;
  throw missing('PaymentMethod', id, name);
};

export const isDeclined = (method: string | null) => method?.startsWith(DECLINED) ?? false;

export const pagination = {
  limit: integer(1, 100),
  starting_after: string,
  ending_before: string,
};
