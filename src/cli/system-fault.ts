import { OperatorProblem } from './problem.ts';

const DENIED = 'Run this as the user whose folder it is, or let yours read and write there.';

/** What the system refuses, and what to do: the rest of these faults are nobody's to mend. */
const ADVICE: Record<string, [what: string, next: string]> = {
  EACCES: ['permission denied', DENIED],
  EPERM: ['not permitted', DENIED],
  EROFS: ['the file system is read-only', 'Run this in a folder that can be written to.'],
  ENOSPC: ['no space is left', 'Make room there, then run this again.'],
  EDQUOT: ['your quota is used up', 'Make room there, then run this again.'],
};

/** The problem that the operator has with a file or folder; undefined if the fault is another one. */
export function systemProblem(error: unknown): OperatorProblem | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) return undefined;
  const { code, path } = error;
  if (typeof code !== 'string' || typeof path !== 'string') return undefined;
  const advice = ADVICE[code];
  return advice && new OperatorProblem(`${path}: ${advice[0]} (${code}). ${advice[1]}`);
}
