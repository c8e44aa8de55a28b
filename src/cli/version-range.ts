const RANGE = /^(\^|~|>=|)\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.[x*])*$/;

/**
 * Whether a range in package.json, such as `~4.9.0`, has a version that `^wanted` has, too. Forms
 * other than npm's usual ones, such as `workspace:*`, are taken to have one.
 *
 * @param wanted  the oldest version, as `4.13.0`
 */
export function reaches(range: string, wanted: string): boolean {
  const found = RANGE.exec(range.trim());
  if (!found) return true;
  const [, sign, ...parts] = found;
  const [major = 0, minor = 0, patch = 0] = parts.map((part) => Number(part ?? Infinity));
  if (sign === '>=') return major <= Number.parseInt(wanted, 10);
  const newest = {
    '^': [major, Infinity, Infinity],
    '~': [major, minor, Infinity],
    '': [major, minor, patch],
  }[sign ?? ''];
  return major === Number.parseInt(wanted, 10) && !isOlder(newest ?? [], numbersIn(wanted));
}

export const numbersIn = (version: string): number[] => version.split('.').map(Number.parseFloat);

/** Whether the first of two versions comes before the second, by their numbers. */
export function isOlder(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((part, index) => part !== other[index]);
  return at !== -1 && (one[at] ?? 0) < (other[at] ?? 0);
}

/** Whether one release comes after another, both in full, such as 0.3.0-rc.1. */
export function isNewer(one: string, other: string): boolean {
  const [[ours = '', candidate], [theirs = '', former]] = [parts(one), parts(other)];
  if (ours !== theirs) return isOlder(numbersIn(theirs), numbersIn(ours));
  // A release comes after its candidates: 0.3.0-rc.2, 0.3.0-rc.10, 0.3.0.
  if (candidate === undefined || former === undefined) return former !== undefined;
  return candidate.localeCompare(former, 'en', { numeric: true }) > 0;
}

const parts = (version: string) => version.split(/-(.*)/);
