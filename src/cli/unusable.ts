import type { ConfigProblem } from '../errors/billing-error.ts';
import { OperatorProblem } from './problem.ts';

/**
 * The refusal of settings that the Worker cannot read: with one of these, it answers 503 to all.
 *
 * @param end  what became of the command, and what to do
 */
export function unusableSettings(problems: readonly ConfigProblem[], end: string): OperatorProblem {
  const lines = problems.map(({ key, remedy }) => `  ${key}: ${remedy}`);
  return new OperatorProblem(
    `With these settings, the Worker would answer nobody:\n${lines.join('\n')}\n${end}`,
  );
}
