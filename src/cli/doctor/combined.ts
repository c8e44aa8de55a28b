import type { Check } from './checks.ts';
import { ok, type Finding, type Outcome } from './finding.ts';

/** One of several things that a check has found. */
export type Problem = { outcome: Exclude<Outcome, 'ok'>; found: string; next?: string };

const ORDER = ['failure', 'warning', 'skipped'] as const;

/** The problems of one check as one finding, as bad as the worst of them. */
export function combined(check: Check, problems: readonly Problem[], otherwise: string): Finding {
  const outcome = ORDER.find((each) => problems.some((problem) => problem.outcome === each));
  if (!outcome) return ok(check, otherwise);
  const steps = [...new Set(problems.flatMap(({ next }) => next ?? []))];
  return {
    check,
    outcome,
    found: problems.map(({ found }) => found).join(' '),
    ...(steps.length > 0 && { next: steps.join(' ') }),
  };
}
