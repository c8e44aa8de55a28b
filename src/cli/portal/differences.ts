import type { Configuration } from './configuration.ts';
import type { Desired } from './file.ts';

/** One setting that differs from the file. Values are as JSON, or the word `nothing`. */
export type Difference = { path: string; is: string; wanted: string };

/** What has to change at Stripe; what the file does not speak of is left as it is. */
export function differences(
  configuration: Configuration | undefined,
  desired: Desired,
): Difference[] {
  return [...leaves('', desired)].flatMap(({ path, value }) => {
    const is = show(at(configuration, path));
    const wanted = show(value);
    return is === wanted ? [] : [{ path, is, wanted }];
  });
}

type Leaf = { path: string; value: unknown };

function* leaves(path: string, value: unknown): Generator<Leaf> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    yield { path, value };
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    yield* leaves(path === '' ? name : `${path}.${name}`, inner);
  }
}

function at(configuration: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), configuration);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Equal settings look equal: lists are sets at Stripe, and "" or an empty one means nothing. */
function show(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'nothing';
  if (!Array.isArray(value)) return JSON.stringify(value);
  if (value.length === 0) return 'nothing';
  return `[${value.map(showItem).toSorted(byCode).join(', ')}]`;
}

function showItem(item: unknown): string {
  if (!isRecord(item)) return JSON.stringify(item);
  // Stripe tells more of a plan than the file says.
  const prices = Array.isArray(item['prices']) ? item['prices'].map(String).toSorted(byCode) : [];
  return JSON.stringify({ product: item['product'], prices });
}

const byCode = (one: string, other: string) => (one < other ? -1 : 1);
