export type Difference = { sign: '-' | '+'; line: string };

/** The lines that went, and those that came, in their order: those that stayed are as many as can be. */
export function differences(before: readonly string[], after: readonly string[]): Difference[] {
  const kept = keptFrom(before, after);
  const found: Difference[] = [];
  let old = 0;
  let now = 0;
  while (old < before.length || now < after.length) {
    const [was, is] = [before[old], after[now]];
    if (was !== undefined && was === is) {
      old += 1;
      now += 1;
    } else if (
      was !== undefined &&
      (is === undefined || kept(old + 1, now) >= kept(old, now + 1))
    ) {
      found.push({ sign: '-', line: was });
      old += 1;
    } else if (is !== undefined) {
      found.push({ sign: '+', line: is });
      now += 1;
    }
  }
  return found;
}

/** How many lines can stay from these two places on. */
function keptFrom(before: readonly string[], after: readonly string[]) {
  const width = after.length + 1;
  const counts = new Uint32Array((before.length + 1) * width);
  const kept = (old: number, now: number) => counts[old * width + now] ?? 0;
  for (let old = before.length - 1; old >= 0; old -= 1) {
    for (let now = after.length - 1; now >= 0; now -= 1) {
      counts[old * width + now] =
        before[old] === after[now]
          ? kept(old + 1, now + 1) + 1
          : Math.max(kept(old + 1, now), kept(old, now + 1));
    }
  }
  return kept;
}
