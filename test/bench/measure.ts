/** A figure of several rounds: the median, and between which values the middle half lies. */
export type Figure = { median: number; low: number; high: number };

export function summarise(values: number[]): Figure {
  const sorted = values.toSorted((one, other) => one - other);
  return { median: at(sorted, 0.5), low: at(sorted, 0.25), high: at(sorted, 0.75) };
}

/** The value below which this part of the sorted values lies. */
export function at(sorted: number[], part: number): number {
  const index = Math.min(sorted.length - 1, Math.floor(sorted.length * part));
  return sorted[index] ?? Number.NaN;
}

let quick = false;

/** Shows only that everything still runs: one round, none before it, and small numbers. */
export function hurry(): void {
  quick = true;
}

/** A number that `hurry` makes smaller. */
export const number = (usual: number, hurried: number): number => (quick ? hurried : usual);

/**
 * Runs every subject once a round, in turn, so that what the machine does besides falls on all
 * alike. Each begins another round.
 *
 * @param first  rounds that are not counted: code and caches become warm
 * @returns the values of each subject, round by round
 */
export async function interleave<Name extends string>(
  subjects: Record<Name, () => Promise<number>>,
  rounds: number,
  first = 0,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(subjects) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<
    Name,
    number[]
  >;
  const last = number(rounds, 1);
  for (let round = -number(first, 0); round < last; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(turn + round + first) % names.length]!;
      const value = await subjects[name]();
      if (round >= 0) values[name].push(value);
    }
  }
  return values;
}

/** Ratios are taken within a round, where both had the same machine. */
export function ratio(values: number[], base: number[]): Figure {
  return summarise(values.map((value, round) => value / base[round]!));
}
